package io.neurograft.simulator.experiment;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.neurograft.neural.Progress;
import io.neurograft.neural.tensor.DeviceSetting;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Hostile nodes against a real coordinator: who is left out, and why. */
class PoisoningIT {
  @TempDir Path out;

  private JsonNode simulate(String more) throws IOException {
    String yaml =
        Files.readString(Path.of("experiments", "small.yaml"))
            .replaceFirst("sites: 2", "sites: 4")
            .replaceFirst("(?m)^baselines.*$", more);
    new Simulation(Experiment.parse(yaml, "small.yaml", Map.of()), out, 1, DeviceSetting.AUTO)
        .run(Progress.NONE);
    return new ObjectMapper().readTree(out.resolve("result.json").toFile());
  }

  @ParameterizedTest
  @CsvSource({
    "label-flip, it agrees with the labels to -0.",
    "random-weights, it agrees with the labels to",
    "scaled-weights, times as large as the median of the 4 members",
    "copied-member, its weights are those of site-1",
    "nan, its result was refused"
  })
  void run_oneHostileSite_isLeftOutWithItsReasonAndNoOther(String attack, String reason)
      throws IOException {
    JsonNode result = simulate("hostile: {%s: [3]}".formatted(attack));

    for (JsonNode site : result.get("sites")) {
      boolean hostile = site.get("site").asText().equals("site-3");
      assertThat(site.get("hostile").isNull()).isEqualTo(!hostile);
      if (hostile) {
        assertThat(site.get("hostile").asText()).isEqualTo(attack);
        assertThat(site.get("leftOut").asText()).contains(reason);
      } else {
        assertThat(site.get("leftOut").isNull()).as(site.toString()).isTrue();
      }
    }
    assertThat(result.at("/methods/0/report/members").findValuesAsText("name"))
        .containsExactly("site-1", "site-2", "site-4");
    assertThat(Files.readString(out.resolve("report.html")))
        .contains("<h2>Hostile sites and screening</h2>")
        .contains("<td class=\"number\">" + attack + "</td>");
  }

  @Test
  void run_withoutScreening_hostileSitesTakePart() throws IOException {
    JsonNode result = simulate("hostile: {scaled-weights: 1}\nscreening: off");
    assertThat(result.at("/sites/3/hostile").asText()).isEqualTo("scaled-weights");
    assertThat(result.at("/sites/3/leftOut").isNull()).isTrue();
    assertThat(result.at("/methods/0/report/members")).hasSize(4);
  }
}
