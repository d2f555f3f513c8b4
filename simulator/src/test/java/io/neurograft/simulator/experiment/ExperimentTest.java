package io.neurograft.simulator.experiment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.neurograft.neural.config.InvalidInputException;
import io.neurograft.simulator.baseline.Baseline;
import io.neurograft.simulator.hostile.Attack;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
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
  void parse_hostile_namesSitesOrCountsThemFromTheLast() {
    Experiment experiment =
        Experiment.parse(
            NETWORK + "sites: 5\nhostile: {label-flip: [5], nan: 1, copied-member: [1]}",
            "test",
            Map.of());
    assertThat(experiment.hostile().attacks())
        .isEqualTo(Map.of(4, Attack.LABEL_FLIP, 3, Attack.NAN, 0, Attack.COPIED_MEMBER));
    assertThat(experiment.hostile().firstHonest()).isEqualTo(1);
    assertThat(experiment.run().path("sites").path("minimum").asInt()).isEqualTo(2);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "{nan: 2}; expected fewer hostile sites than the 2",
        "{nan: [3]}; hostile.nan",
        "{nan: [1], label-flip: [1]}; named twice",
        "{flip: 1}; unknown key"
      })
  void parse_wrongHostile_namesThePlace(String hostile, String fault) {
    assertThatThrownBy(
            () ->
                Experiment.parse(
                    NETWORK + "sites: 2\nhostile: " + hostile + "\n", "test", Map.of()))
        .isInstanceOf(InvalidInputException.class)
        .hasMessageContaining(fault);
  }

  @Test
  void parse_baselines_trainAsLongAsMembersWhereNothingIsSaid() {
    String training = NETWORK + "training: {epochs: 7}\n";
    assertThat(baselines(training)).isEmpty();
    assertThat(baselines(training + "baselines: {fedavg: {}, pooled: {}}"))
        .containsExactly(new Baseline.FedAvg(7, 1), new Baseline.Pooled(7));
    assertThat(baselines(training + "baselines: {fedavg: {rounds: 3, epochs: 2}}"))
        .containsExactly(new Baseline.FedAvg(3, 2));
  }

  private static List<Baseline> baselines(String yaml) {
    return Experiment.parse(yaml, "test", Map.of()).baselines();
  }

  @Test
  void parse_wrongBaselines_namesThePlaces() {
    assertThatThrownBy(
            () -> baselines(NETWORK + "baselines: {fedavg: {rounds: 0}, pooled: 3, fedprox: {}}"))
        .isInstanceOf(InvalidInputException.class)
        .hasMessageContaining("baselines.fedavg.rounds: expected a whole number")
        .hasMessageContaining("baselines.pooled: expected a mapping")
        .hasMessageContaining("baselines.fedprox: unknown key");
    assertThatThrownBy(() -> baselines(NETWORK + "baselines: {}"))
        .isInstanceOf(InvalidInputException.class)
        .hasMessageContaining("baselines: expected fedavg, pooled or both");
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
        .hasMessageContaining(
            "colour: unknown key (known keys: attempts, baselines, data, deadline, ")
        .hasMessageNotContaining("moments.proxy")
        .hasMessageContaining("training.epochs: expected")
        .hasMessageContaining("network.input.shape: expected");
  }
}
