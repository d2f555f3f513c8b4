package io.neurograft.simulator.report;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.TextNode;
import io.neurograft.simulator.baseline.BaselineResult;
import io.neurograft.simulator.report.RunResult.CurvePoint;
import io.neurograft.simulator.report.RunResult.ExperimentFacts;
import io.neurograft.simulator.report.RunResult.Figures;
import io.neurograft.simulator.report.RunResult.MethodResult;
import io.neurograft.simulator.report.RunResult.Published;
import io.neurograft.simulator.report.RunResult.SiteResult;
import java.io.StringReader;
import java.util.List;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.xml.sax.InputSource;

class ReportPageTest {
  private static final RunResult RESULT =
      new RunResult(
          "<b>trial & error</b>",
          42,
          "levels: [...]",
          new ExperimentFacts("glyphs", TextNode.valueOf("iid"), 0.1),
          List.of(
              new SiteResult("site-1", List.of(10L, 0L, 5L), null, new Figures(0.5, 1.2)),
              new SiteResult("site-2", List.of(0L, 9L, 5L), new Figures(0.6, 1.0), null)),
          new Figures(0.8, 0.6),
          List.of(
              new MethodResult(
                  "interpolate",
                  new Figures(0.85, 0.5),
                  List.of(new CurvePoint(1, 0.9, 0.4), new CurvePoint(2, 0.91, 0.35)),
                  1.25),
              new MethodResult("average", new Figures(0.3, 2.0), List.of(), null)),
          new Published("interpolate", 2, "ab".repeat(32)),
          List.of(new BaselineResult("fedavg, 8 rounds", 0.77, 0.7, 3.5)));

  @Test
  void of_anyResult_opensOfflineWithoutScript() {
    assertThat(ReportPage.of(RESULT))
        .doesNotContainIgnoringCase("<script")
        .doesNotContain("http:", "https:", "src=", "@import", "url(");
  }

  @Test
  void of_resultWithoutBaselines_doesNotSpeakOfThem() {
    RunResult alone =
        new RunResult(
            RESULT.name(),
            RESULT.seed(),
            RESULT.network(),
            RESULT.experiment(),
            RESULT.sites(),
            RESULT.ensemble(),
            RESULT.methods(),
            RESULT.published(),
            List.of());
    assertThat(ReportPage.of(alone)).doesNotContain("in one place", "fedavg");
    assertThat(ReportPage.of(RESULT)).contains("in one place", "fedavg, 8 rounds");
  }

  @Test
  void of_namesWithMarkup_escaped() {
    assertThat(ReportPage.of(RESULT))
        .contains("&lt;b&gt;trial &amp; error&lt;/b&gt;")
        .doesNotContain("<b>trial");
  }

  @Test
  void of_anyResult_holdsEveryFigure() {
    assertThat(ReportPage.of(RESULT))
        .contains(
            "50.00 %",
            "60.00 %", "80.00 %", "85.00 %", "91.00 %", "30.00 %", "77.00 %", "ab".repeat(32));
  }

  @Test
  void of_anyResult_drawingsAreWellFormed() throws Exception {
    String page = ReportPage.of(RESULT);
    int drawings = 0;
    for (int at = page.indexOf("<svg"); at >= 0; at = page.indexOf("<svg", at + 1)) {
      String svg = page.substring(at, page.indexOf("</svg>", at) + 6);
      DocumentBuilderFactory.newInstance()
          .newDocumentBuilder()
          .parse(new InputSource(new StringReader(svg)));
      drawings++;
    }
    assertThat(drawings).isEqualTo(3);
  }

  @Test
  void table_anyResult_isMarkdown() {
    assertThat(ResultTable.of(RESULT).lines())
        .hasSize(8)
        .allMatch(line -> line.startsWith("|") && line.endsWith("|"))
        .anyMatch(line -> line.matches("\\| interpolate +\\| +85.00 % \\| +91.00 % \\| +1.25 \\|"))
        .anyMatch(line -> line.matches("\\| fedavg, 8 rounds +\\| +77.00 % \\| +\\| +3.50 \\|"));
  }
}
