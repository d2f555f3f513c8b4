package io.neurograft.simulator.experiment;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.neurograft.neural.Progress;
import io.neurograft.neural.tensor.DeviceSetting;
import io.neurograft.proto.artifact.Digest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SimulationIT {
  @TempDir Path first;
  @TempDir Path second;

  private static JsonNode simulate(Path out, Progress progress) throws IOException {
    return simulate(out, progress, "");
  }

  private static JsonNode simulate(Path out, Progress progress, String more) throws IOException {
    String yaml = Files.readString(Path.of("experiments", "small.yaml")) + more;
    new Simulation(Experiment.parse(yaml, "small.yaml", Map.of()), out, 1, DeviceSetting.AUTO)
        .run(progress);
    return new ObjectMapper().readTree(out.resolve("result.json").toFile());
  }

  /** Removes what tells how long something took; nothing else may differ. */
  private static JsonNode withoutTimings(JsonNode node) {
    if (node.isObject()) {
      ((ObjectNode) node).remove(List.of("seconds", "phases"));
    }
    node.forEach(SimulationIT::withoutTimings);
    return node;
  }

  @Test
  void run_sameSeedTwice_sameResultAndThePublishedModelAtEverySite() throws IOException {
    List<Double> fractions = new ArrayList<>();
    JsonNode result = simulate(first, (fraction, phase) -> fractions.add(fraction));

    assertThat(result.get("sites").size()).isEqualTo(2);
    assertThat(result.get("methods").findValuesAsText("method"))
        .contains("average", "transplant", "interpolate");
    result
        .get("methods")
        .forEach(
            method -> {
              assertThat(method.at("/before/accuracy").isNumber()).isTrue();
              assertThat(method.at("/curve/0/accuracy").isNumber()).isTrue();
            });
    assertThat(result.at("/ensemble/accuracy").asDouble()).isGreaterThan(0.3);
    assertThat(result.get("baselines").findValuesAsText("baseline"))
        .containsExactly("fedavg, 4 rounds", "pooled, 4 epochs");
    result
        .get("baselines")
        .forEach(b -> assertThat(b.get("accuracy").asDouble()).isGreaterThan(0.3));
    assertThat(result.at("/methods/1/report/origins/0/units").size()).isEqualTo(32);
    assertThat(Files.readString(first.resolve("report.html")))
        .contains("Whose units transplant is made of");
    assertThat(fractions).isSorted().endsWith(1.0);

    assertThat(Digest.of(first.resolve("model.safetensors")).hex())
        .isEqualTo(result.at("/published/digest").asText());
    String published = result.at("/published/digest").asText();
    for (String site : List.of("site-1", "site-2")) {
      try (Stream<Path> models = Files.list(first.resolve(site).resolve("models"))) {
        Path model =
            models.filter(file -> file.toString().endsWith(".safetensors")).findAny().orElseThrow();
        assertThat(Digest.of(model).hex()).isEqualTo(published);
      }
    }

    assertThat(withoutTimings(simulate(second, Progress.NONE))).isEqualTo(withoutTimings(result));
  }

  @Test
  void run_weightsEncoded_tellsWhatItCostAndStillLearns() throws IOException {
    JsonNode result =
        simulate(first, Progress.NONE, "transfer: {weights: int8, compression: zstd}\n");

    result
        .get("sites")
        .forEach(
            site -> {
              JsonNode sent = site.get("transfer");
              assertThat(sent.get("encoding").asText()).isEqualTo("int8");
              long original = sent.get("originalBytes").asLong();
              assertThat(sent.get("bytes").asLong()).isBetween(original / 4, original / 3);
              assertThat(sent.get("error").asDouble()).isBetween(1e-4, 0.02);
              assertThat(sent.get("largestError").asDouble())
                  .isGreaterThanOrEqualTo(sent.get("error").asDouble());
              assertThat(site.at("/test/accuracy").asDouble()).isGreaterThan(0.3);
            });
    assertThat(result.at("/ensemble/accuracy").asDouble()).isGreaterThan(0.3);
    assertThat(result.at("/published/digest").asText()).isNotEmpty();
    assertThat(Files.readString(first.resolve("report.html"))).contains("<h2>Transfers</h2>");
  }
}
