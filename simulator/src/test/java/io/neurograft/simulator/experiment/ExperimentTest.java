package io.neurograft.simulator.experiment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.neurograft.neural.config.InvalidInputException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ExperimentTest {
  private static final String NETWORK =
      "network: {family: mlp, classes: 10, input: {shape: [1, 28, 28]}}\n";

  @ParameterizedTest
  @ValueSource(strings = {"glyphs", "mnist", "small"})
  void parse_shippedExperiments_hold(String name) throws IOException {
    String yaml = Files.readString(Path.of("experiments", name + ".yaml"));
    Experiment experiment = Experiment.parse(yaml, name, Map.of());
    assertThat(experiment.name()).isEqualTo(name);
    assertThat(experiment.run().path("sites").path("minimum").asInt())
        .isEqualTo(experiment.sites());
  }

  @Test
  void parse_overrides_replaceKeys() {
    Experiment experiment =
        Experiment.parse(
            NETWORK + "data: mnist:nowhere\n",
            "test",
            Map.of("data", JsonNodeFactory.instance.textNode("glyphs")));
    assertThat(experiment.data()).isEqualTo("glyphs");
    assertThat(experiment.run().path("evaluation").asText()).isEqualTo("glyphs");
    assertThat(experiment.run().path("moments").path("proxy").asText()).isEqualTo("glyphs");
  }

  @Test
  void parse_faultsEverywhere_reportsAllWithTheirPlaces() {
    assertThatThrownBy(
            () ->
                Experiment.parse(
                    """
                    sites: many
                    partition: {dirichlet: {alpha: -1}}
                    hold-back: 2
                    colour: red
                    training: {epochs: 0}
                    network: {family: mlp, classes: 10, input: {shape: [1, 28]}}
                    """,
                    "exp.yaml",
                    Map.of()))
        .isInstanceOf(InvalidInputException.class)
        .hasMessageStartingWith("exp.yaml: ")
        .hasMessageContaining("sites: expected a whole number")
        .hasMessageContaining("partition.dirichlet.alpha: expected")
        .hasMessageContaining("hold-back: expected a number")
        .hasMessageContaining("colour: unknown key (known keys: attempts, data, deadline, ")
        .hasMessageNotContaining("moments.proxy")
        .hasMessageContaining("training.epochs: expected")
        .hasMessageContaining("network.input.shape: expected");
  }
}
