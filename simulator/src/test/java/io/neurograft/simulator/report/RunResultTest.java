package io.neurograft.simulator.report;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.neurograft.fusion.FusionReport;
import io.neurograft.fusion.origin.GroupOrigin;
import io.neurograft.fusion.origin.Source;
import io.neurograft.simulator.report.RunResult.MethodResult;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class RunResultTest {
  private static final JsonMapper JSON =
      JsonMapper.builder().disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES).build();

  private static MethodResult read(String report) throws Exception {
    return JSON.readValue(
        "{\"method\": \"m\", \"before\": {}, \"curve\": [], \"report\": " + report + "}",
        MethodResult.class);
  }

  /** What the coordinator writes of a fusion is what the page draws. */
  @Test
  void origins_reportOfAFusion_areReadAsTheyWereWritten() throws Exception {
    GroupOrigin origin =
        new GroupOrigin(
            0,
            "levels.0.1",
            "",
            List.of(0.666667, 0.333333),
            List.of(
                List.of(new Source(0, 3, 1)),
                List.of(new Source(0, 1, 0.333333), new Source(1, 2, 0.666667))));
    FusionReport report =
        new FusionReport(
            "interpolate",
            Map.of("grouping", "kmeans"),
            7,
            List.of(
                new FusionReport.MemberEntry("a", "00"), new FusionReport.MemberEntry("b", "11")),
            List.of(),
            List.of(),
            Map.of("fuse", 1.5),
            List.of(origin));

    MethodResult method = read(JSON.writeValueAsString(report));

    assertThat(method.origins()).containsExactly(origin);
    assertThat(method.memberNames()).containsExactly("a", "b");
  }

  @Test
  void origins_noReportOrAnEarlierOne_areEmpty() throws Exception {
    assertThat(read("null").origins()).isEmpty();
    assertThat(read("{\"members\": [{\"name\": \"a\", \"digest\": \"\"}]}").origins()).isEmpty();
  }
}
