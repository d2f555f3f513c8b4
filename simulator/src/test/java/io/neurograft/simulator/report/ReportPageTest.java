package io.neurograft.simulator.report;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.TextNode;
import io.neurograft.fusion.FusionReport.MemberEntry;
import io.neurograft.fusion.origin.GroupOrigin;
import io.neurograft.fusion.origin.Source;
import io.neurograft.fusion.origin.UnitSources;
import io.neurograft.neural.network.UnitGroup;
import io.neurograft.simulator.baseline.BaselineResult;
import io.neurograft.simulator.report.RunResult.CurvePoint;
import io.neurograft.simulator.report.RunResult.ExperimentFacts;
import io.neurograft.simulator.report.RunResult.Figures;
import io.neurograft.simulator.report.RunResult.MethodResult;
import io.neurograft.simulator.report.RunResult.Published;
import io.neurograft.simulator.report.RunResult.Report;
import io.neurograft.simulator.report.RunResult.SentWeights;
import io.neurograft.simulator.report.RunResult.SiteResult;
import java.io.StringReader;
import java.util.List;
import java.util.stream.IntStream;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.xml.sax.InputSource;

class ReportPageTest {
  private static final Report REPORT =
      new Report(
          List.of(new MemberEntry("site-1", ""), new MemberEntry("site-2", "")),
          List.of(
              origin(
                  0,
                  2,
                  List.of(
                      List.of(new Source(1, 4, 1)),
                      List.of(new Source(0, 7, 0.3), new Source(1, 3, 0.7)),
                      List.of(new Source(0, 2, 1)))),
              GroupOrigin.labels(new UnitGroup(1, "levels.1.1", 3, List.of(), List.of()), 2)));

  private static final RunResult RESULT =
      new RunResult(
          "<b>trial & error</b>",
          42,
          "levels: [...]",
          new ExperimentFacts("glyphs", TextNode.valueOf("iid"), 0.1),
          List.of(
              new SiteResult(
                  "site-1",
                  List.of(10L, 0L, 5L),
                  null,
                  new Figures(0.5, 1.2),
                  null,
                  "label-flip",
                  "it knows <nothing>"),
              new SiteResult(
                  "site-2",
                  List.of(0L, 9L, 5L),
                  new Figures(0.6, 1.0),
                  null,
                  new SentWeights("int8", 3, 1234, 4567, 0.0042, 0.0061),
                  null,
                  null)),
          new Figures(0.8, 0.6),
          List.of(
              new MethodResult(
                  "interpolate",
                  new Figures(0.85, 0.5),
                  List.of(new CurvePoint(1, 0.9, 0.4), new CurvePoint(2, 0.91, 0.35)),
                  1.25,
                  REPORT),
              new MethodResult("average", new Figures(0.3, 2.0), List.of(), null, null)),
          new Published("interpolate", 2, "ab".repeat(32)),
          List.of(new BaselineResult("fedavg, 8 rounds", 0.77, 0.7, 3.5)));

  @Test
  void of_siteLeftOut_tellsAttackAndReason() {
    assertThat(ReportPage.of(RESULT))
        .contains("<h2>Hostile sites and screening</h2>")
        .contains("<td class=\"number\">label-flip</td>")
        .contains("left out: it knows &lt;nothing&gt;")
        .contains("member of site-1, left out");
    assertThat(ScreeningTable.rows(RESULT)).hasSize(2);
  }

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
            "60.00 %", "80.00 %", "85.00 %", "91.00 %", "30.00 %", "77.00 %", "ab".repeat(32))
        .contains("int8", "1234", "4567", "4.20e-03", "6.10e-03");
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
    assertThat(drawings).isEqualTo(4);
  }

  @Test
  void of_methodThatTellsOfUnits_drawsWhoseTheyAre() {
    String page = ReportPage.of(RESULT);

    assertThat(page)
        .contains("Whose units the fused networks are made of")
        .contains("aria-label=\"Whose units interpolate is made of, level by level\"")
        .doesNotContain("Whose units average")
        .contains("<title>site-1: 43.33 %</title>", "<title>site-2: 56.67 %</title>")
        .contains("fitted to the labels")
        .doesNotContain("evenly chosen");
    // Those of the first site first; in a mixed one the site that gave most is on top.
    assertThat(page.lines().filter(line -> line.contains("<title>unit")))
        .satisfiesExactly(
            cell -> assertThat(cell).contains("<title>unit 2: site-1 unit 2</title>"),
            cell -> assertThat(cell).contains("<title>unit 0: site-2 unit 4</title>"),
            cell ->
                assertThat(cell)
                    .contains("<title>unit 1: site-2 unit 3 (0.70), site-1 unit 7 (0.30)</title>")
                    .containsPattern("#ee6677.*v14.00h.*#4477aa.*v6.00h"));
  }

  @Test
  void of_methodThatTellsOfUnits_hasTheSharesAsATable() {
    assertThat(ReportPage.of(RESULT))
        .contains(
            "<tr><td>levels.0.1</td><td class=\"number\">3</td><td class=\"number\">43.33 %</td>"
                + "<td class=\"number\">56.67 %</td></tr>",
            "<tr><td>levels.1.1</td><td class=\"number\">3</td><td class=\"number\">labels</td>"
                + "<td class=\"number\">labels</td></tr>");
  }

  @Test
  void of_wideLevel_drawsSomeOfItsUnitsAndSaysSo() {
    List<List<Source>> units =
        IntStream.range(0, 4096).mapToObj(i -> List.of(new Source(i / 2048, i % 2048, 1))).toList();
    String page = ReportPage.of(with(new Report(REPORT.members(), List.of(origin(0, 2, units)))));

    assertThat(page.lines().filter(line -> line.contains("<title>class"))).hasSize(256);
    assertThat(page)
        .contains("Of a level with more than 256 units so many are drawn, evenly chosen.")
        .contains("<title>class 16: site-1 class 16</title>")
        .contains("<title>class 4080: site-2 class 2032</title>")
        .hasSizeLessThan(60_000);
  }

  /** Of many members only the heaviest are told and drawn, so that a page does not grow with K. */
  @Test
  void of_unitOfManySites_tellsTheHeaviest() {
    List<MemberEntry> members =
        IntStream.range(0, 100).mapToObj(i -> new MemberEntry("s" + i, "")).toList();
    List<Source> sources =
        IntStream.range(0, 100).mapToObj(i -> new Source(i, i, i == 7 ? 0.505 : 0.005)).toList();
    GroupOrigin origin = origin(0, members.size(), List.of(sources));
    String page = ReportPage.of(with(new Report(members, List.of(origin))));

    String cell =
        page.lines().filter(line -> line.contains("<title>class 0")).findFirst().orElseThrow();
    assertThat(cell)
        .contains("class 0: s7 class 7 (0.51), s0 class 0 (0.01), ")
        .contains(" and 96 more</title>");
    assertThat(cell.split("<path", -1)).hasSize(9);
  }

  @Test
  void of_resultOfEarlierSoftware_doesNotSpeakOfUnits() {
    assertThat(ReportPage.of(with(new Report(REPORT.members(), List.of()))))
        .doesNotContain("Whose units");
  }

  private static RunResult with(Report report) {
    MethodResult method = RESULT.methods().get(0);
    return new RunResult(
        RESULT.name(),
        RESULT.seed(),
        RESULT.network(),
        RESULT.experiment(),
        RESULT.sites(),
        RESULT.ensemble(),
        List.of(
            new MethodResult(
                method.method(), method.before(), method.curve(), method.seconds(), report)),
        RESULT.published(),
        RESULT.baselines());
  }

  @Test
  void table_anyResult_isMarkdown() {
    assertThat(ResultTable.of(RESULT).lines())
        .hasSize(8)
        .allMatch(line -> line.startsWith("|") && line.endsWith("|"))
        .anyMatch(line -> line.matches("\\| interpolate +\\| +85.00 % \\| +91.00 % \\| +1.25 \\|"))
        .anyMatch(line -> line.matches("\\| fedavg, 8 rounds +\\| +77.00 % \\| +\\| +3.50 \\|"));
  }

  private static GroupOrigin origin(int group, int members, List<List<Source>> units) {
    UnitGroup place =
        new UnitGroup(group, "levels." + group + ".1", units.size(), List.of(), List.of());
    return GroupOrigin.of(place, members, new UnitSources(units));
  }
}
