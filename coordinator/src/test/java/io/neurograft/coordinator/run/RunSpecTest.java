package io.neurograft.coordinator.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.neurograft.fusion.screen.Limits;
import io.neurograft.neural.attribution.ScoreMethod;
import io.neurograft.neural.config.InvalidInputException;
import io.neurograft.neural.exchange.Plan;
import io.neurograft.neural.moments.LevelBudget;
import io.neurograft.neural.training.Optimizer;
import io.neurograft.neural.training.TrainingSettings;
import java.time.Duration;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class RunSpecTest {
  private static final String NETWORK =
      "network: {family: mlp, widths: [16], classes: 10, input: {shape: [1, 28, 28]}}\n";

  @Test
  void parse_onlyANetwork_takesTheDefaults() {
    RunSpec spec = RunSpec.parse(NETWORK, "run.yaml");
    assertThat(spec.name()).isEqualTo("run");
    assertThat(spec.minimumSites()).isEqualTo(2);
    assertThat(spec.patience()).isEqualTo(Duration.ofMinutes(10));
    assertThat(spec.training()).isEqualTo(TrainingSettings.DEFAULT);
    assertThat(spec.scoring()).isEqualTo(new Scoring(ScoreMethod.CONDUCTANCE, 400, 10, false));
    assertThat(spec.methods()).extracting(NamedMethod::label).containsExactly("transplant");
    assertThat(spec.rounds()).isEqualTo(1);
    assertThat(spec.tuning().learningRate()).isEqualTo(0.01);
    assertThat(spec.tuning().epochs()).isEqualTo(1);
    assertThat(spec.proxy()).isEmpty();
    assertThat(spec.evaluation()).isEmpty();
    assertThat(spec.deadline()).isEqualTo(Duration.ofMinutes(30));
    assertThat(spec.attempts()).isEqualTo(3);
    assertThat(spec.screening()).contains(Limits.DEFAULT);
    assertThat(spec.seed()).isEqualTo(1);
  }

  @Test
  void parse_screening_isOffOrHasLimits() {
    assertThat(RunSpec.parse(NETWORK + "screening: off", "run.yaml").screening()).isEmpty();
    String limits =
        "screening: {norm: 8, scores: 9, likeness: 0.7, agreement: 0.5, update: 6, share: 3, examples: 50}";
    assertThat(RunSpec.parse(NETWORK + limits, "run.yaml").screening())
        .contains(new Limits(8, 9, 0.7, 0.5, 6, 3, 50));
    assertThat(RunSpec.parse(NETWORK + "screening: 'off'", "run.yaml").screening()).isEmpty();
    assertThat(RunSpec.parse(NETWORK + "screening: on", "run.yaml").screening())
        .contains(Limits.DEFAULT);
    assertThatThrownBy(() -> RunSpec.parse(NETWORK + "screening: none", "run.yaml"))
        .hasMessageContaining("screening: expected on, off, or a mapping");
    assertThatThrownBy(() -> RunSpec.parse(NETWORK + "screening: {likeness: 2}", "run.yaml"))
        .hasMessageContaining("screening.likeness");
  }

  @Test
  void parse_everyKey_isTaken() {
    RunSpec spec =
        RunSpec.parse(
            NETWORK
                + """
                name: glyphs
                sites: {minimum: 4, wait: 60s}
                training: {optimizer: adam, learning-rate: 0.1, batch-size: 32, epochs: 7}
                scores: {method: uniform, examples: 10, steps: 3, normalised: true}
                methods: [average, transplant, {interpolate: {grouping: select, head: labels}}]
                fine-tuning: {rounds: 3, epochs: 2, learning-rate: 0.005}
                moments: {proxy: glyphs, samples: 1000}
                evaluation: glyphs
                deadline: 5m
                attempts: 2
                seed: 42
                """,
            "run.yaml");
    assertThat(spec.training().optimizer()).isEqualTo(Optimizer.ADAM);
    assertThat(spec.tuning().optimizer()).isEqualTo(Optimizer.ADAM);
    assertThat(spec.tuning().epochs()).isEqualTo(2);
    assertThat(spec.scoring()).isEqualTo(new Scoring(ScoreMethod.UNIFORM, 10, 3, true));
    assertThat(spec.proxy()).contains(new ProxyData("glyphs", 1000));
    RunRules rules = spec.rules();
    assertThat(rules.minimumSites()).isEqualTo(4);
    assertThat(rules.patience()).isEqualTo(Duration.ofSeconds(60));
    assertThat(rules.deadline()).isEqualTo(Duration.ofMinutes(5));
    assertThat(rules.attempts()).isEqualTo(2);
    assertThat(rules.rounds()).isEqualTo(3);
    assertThat(rules.methods()).containsExactly("average", "transplant", "interpolate");
    assertThat(rules.evaluatedHere()).isTrue();
    assertThat(rules.inputShape()).containsExactly(1L, 28L, 28L);
    assertThat(rules.classes()).isEqualTo(10);
  }

  @ParameterizedTest
  @ValueSource(strings = {"federated", "{federated: {}}"})
  void parse_momentsOfTheSites_areAskedForWithDefaults(String moments) {
    RunSpec spec = RunSpec.parse(NETWORK + "moments: " + moments + "\n", "run.yaml");
    assertThat(spec.federated()).contains(Federation.DEFAULT);
    assertThat(spec.proxy()).isEmpty();
    assertThat(spec.methods()).extracting(NamedMethod::label).containsExactly("interpolate");
  }

  @Test
  void parse_levelBudget_isOfSumsInDoublePrecision() {
    String budget = NETWORK + "moments: {federated: {level-budget-mib: 1.5}}\n";
    Federation federation = RunSpec.parse(budget, "run.yaml").federated().orElseThrow();
    assertThat(federation.budget()).isEqualTo(new LevelBudget(3 << 16));
    assertThatThrownBy(() -> RunSpec.parse(budget.replace("1.5", "0"), "run.yaml"))
        .hasMessageContaining("moments.federated.level-budget-mib");
  }

  @Test
  void parse_maskedMoments_needTwoSites() {
    String secure = NETWORK + "moments: {federated: {secure: true, precision: float64}}\n";
    Federation federation = RunSpec.parse(secure, "run.yaml").federated().orElseThrow();
    assertThat(federation.minimumSites()).isEqualTo(2);
    assertThat(federation.precision()).isEqualTo(Plan.Precision.FLOAT64);
    assertThatThrownBy(
            () -> RunSpec.parse(secure.replace("secure:", "minimum: 1, secure:"), "run.yaml"))
        .hasMessageContaining("moments.federated.minimum");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "moments: elsewhere | expected federated",
        "moments: {federated: {}, proxy: glyphs} | found both",
        "'moments: federated\nmethods: [distill]' | distill trains on examples",
        "methods: [interpolate] | interpolate needs activations: federated",
      })
  void parse_momentsThatCannotBe_nameTheReason(String lines, String expected) {
    assertThatThrownBy(() -> RunSpec.parse(NETWORK + lines.replace("\\n", "\n") + "\n", "run.yaml"))
        .isInstanceOf(InvalidInputException.class)
        .hasMessageContaining(expected);
  }

  @Test
  void parse_sameMethodWithOtherParameters_isNamedByThem() {
    RunSpec spec =
        RunSpec.parse(
            NETWORK
                + "moments: {proxy: glyphs}\n"
                + "methods: [{interpolate: {grouping: select}},"
                + " {interpolate: {grouping: kmeans}}]\n",
            "run.yaml");
    assertThat(spec.methods())
        .extracting(NamedMethod::label)
        .containsExactly("interpolate", "interpolate-kmeans");
  }

  @Test
  void parse_scoresThatTheNetworkCannotHave_namesTheLayerAndTheRemedy() {
    String transformer =
        "network: {family: vit, width: 8, heads: 2, mlp: 8, depth: 1, classes: 10,"
            + " input: {shape: [1, 28, 28]}}\n";
    assertThatThrownBy(() -> RunSpec.parse(transformer + "scores: {method: deeplift}", "run.yaml"))
        .isInstanceOf(InvalidInputException.class)
        .hasMessageContaining(
            "scores.method: levels.0.3.body.1: deeplift has no rule for attention")
        .hasMessageContaining("use taylor, conductance or ablation");
    RunSpec.parse(transformer + "scores: {method: taylor}", "run.yaml");
  }

  @Test
  void parse_distillWithoutExamples_asksForThem() {
    assertThatThrownBy(() -> RunSpec.parse(NETWORK + "methods: [distill]", "run.yaml"))
        .isInstanceOf(InvalidInputException.class)
        .hasMessageContaining(
            "moments: is missing; distill trains on examples: give yours as proxy");
  }

  @Test
  void parse_manyFaults_namesAllOfThem() {
    assertThatThrownBy(
            () ->
                RunSpec.parse(
                    """
                    name: Not A Name
                    network: {family: mlp, widths: [16], classes: 10, input: {shape: [1, 28]}}
                    sites: {minimum: 0, wait: 0s}
                    training: {epochs: many}
                    methods: [average, average, interpolate]
                    evaluation: floppy:disk
                    deadlines: 5m
                    """,
                    "run.yaml"))
        .isInstanceOf(InvalidInputException.class)
        .hasMessageStartingWith("run.yaml: ")
        .hasMessageContaining("name: expected 1 to 40")
        .hasMessageContaining("network.input.shape")
        .hasMessageContaining("sites.minimum")
        .hasMessageContaining("sites.wait")
        .hasMessageContaining("training.epochs")
        .hasMessageContaining("methods: average stands twice")
        .hasMessageContaining("moments: is missing")
        .hasMessageContaining("evaluation")
        .hasMessageContaining("deadlines: unknown key");
  }

  @Test
  void seeds_ofSitesAndRounds_differAndRepeat() {
    assertThat(Seeds.member(1, "a")).isEqualTo(Seeds.member(1, "a"));
    assertThat(
            IntStream.range(0, 1000)
                .mapToObj(i -> Seeds.member(i % 10, "site-" + i / 10))
                .distinct())
        .hasSize(1000);
    assertThat(Seeds.tuning(1, "a", 1)).isNotEqualTo(Seeds.tuning(1, "a", 2));
  }

  @Test
  void parse_methodsThatCannotWork_areRefusedBeforeAnybodyTrains() {
    assertThatThrownBy(
            () ->
                RunSpec.parse(
                    """
                    network:
                      input: {shape: [4]}
                      levels: [[{linear: 5}], [relu, {linear: 2}, batchnorm]]
                    scores: {method: uniform}
                    methods: [{transplant: {ranking: scores}}]
                    """,
                    "run.yaml"))
        .isInstanceOf(InvalidInputException.class)
        .hasMessageContaining("methods: transplant-scores: network: transplantation needs logits")
        .hasMessageContaining("scores.method: transplant-scores ranks by scores");
  }
}
