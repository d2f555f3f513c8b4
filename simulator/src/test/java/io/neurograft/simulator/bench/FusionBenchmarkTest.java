package io.neurograft.simulator.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDManager;
import io.neurograft.fusion.interpolate.StepReport;
import io.neurograft.neural.Progress;
import io.neurograft.neural.config.Config;
import io.neurograft.neural.network.Network;
import io.neurograft.neural.network.NetworkSpec;
import io.neurograft.neural.network.Weights;
import io.neurograft.neural.tensor.Compute;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class FusionBenchmarkTest {
  private static final String PLAN =
      """
      networks:
        small: {family: mlp, widths: [5], classes: 3, input: {shape: [1, 2, 2], mean: [0], std: [1]}}
      members: [2]
      images: [50]
      methods: [average, {interpolate: {head: mean}}]
      """;

  @BeforeAll
  static void start() {
    Compute.start(1);
  }

  @Test
  void operations_anMlp_areThoseCountedByHand() {
    FusionPlan plan = Config.parse(PLAN, "plan", FusionPlan::from);
    NetworkSpec spec = plan.cases().get(0).network();
    try (NDManager scope = Compute.newManager()) {
      Network network = new Network(spec, Weights.initialise(spec, 1, scope));
      double pass = 2 * (4 * 5 + 5 * 3);
      double products = 50 * (5 * 5 + 5 * 2 * 5 * 5 + 10 * 10);
      StepReport step = new StepReport(0, "levels.0.1", 0, 5, 5, 5, 50, 2, 0, 0, 0);
      assertThat(Floor.operations(List.of(network, network), network, 50, List.of(step)))
          .isEqualTo(3 * 50 * pass + products);
    }
  }

  @Test
  void operations_aConvolution_countsEveryPosition() {
    NetworkSpec spec =
        NetworkSpec.parse(
            """
            input: {shape: [2, 4, 4], mean: [0, 0], std: [1, 1]}
            levels:
              - [{conv: {out: 3, kernel: 3, padding: 1}}]
              - [relu, flatten, {linear: 2}]
            """,
            "network");
    try (NDManager scope = Compute.newManager()) {
      Network network = new Network(spec, Weights.initialise(spec, 1, scope));
      double pass = 2 * (3 * 2 * 9 * 16 + 48 * 2);
      assertThat(Floor.operations(List.of(), network, 7, List.of())).isEqualTo(7 * pass);
    }
  }

  @Test
  void run_everyCase_hasTimesAndInterpolationAFloor() {
    FusionPlan plan = Config.parse(PLAN, "plan", FusionPlan::from);
    FusionBenchmark benchmark = new FusionBenchmark(0);
    List<FusionTiming> timings =
        plan.cases().stream().map(c -> benchmark.run(c, Progress.NONE)).toList();
    assertThat(benchmark.rate()).isGreaterThan(1e8);
    assertThat(timings).allSatisfy(t -> assertThat(t.seconds()).isPositive());
    assertThat(timings.get(0).ratio()).isEmpty();
    FusionTiming interpolation = timings.get(1);
    assertThat(interpolation.ratio().orElseThrow())
        .isCloseTo(
            interpolation.seconds() / interpolation.floorSeconds().orElseThrow(), within(1e-9));
    assertThat(FusionTable.of(timings)).contains("| small   |       2 |     50 |");
  }
}
