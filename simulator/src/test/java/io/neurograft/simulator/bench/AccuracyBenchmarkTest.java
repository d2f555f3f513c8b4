package io.neurograft.simulator.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.neurograft.neural.Progress;
import io.neurograft.neural.config.Config;
import io.neurograft.neural.config.InvalidInputException;
import io.neurograft.neural.tensor.Compute;
import io.neurograft.simulator.baseline.BaselineResult;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class AccuracyBenchmarkTest {
  private static final String PLAN =
      """
      cases:
        - name: small
          data: glyphs?train=400&test=200
          network: {family: mlp, widths: [16], classes: 10, input: {shape: [1, 28, 28], mean: [0.1], std: [0.3]}}
          members: {train: {count: 2, seed: 1, partition: {iid: {seed: 1}}, epochs: 2}}
          baselines: {fedavg: {rounds: 3}, pooled: {}}
          tune: {epochs: 2, methods: [transplant]}
        - {name: elsewhere, data: mnist, members: {folder: mnist-mlp-k2}}
      methods:
        - {method: transplant}
        - {method: {interpolate: {head: mean}}, samples: 100, scores: deeplift}
        - {method: {distill: {epochs: 5}}, samples: 200}
      """;

  private final AccuracyPlan plan = Config.parse(PLAN, "plan", AccuracyPlan::from);
  private final AccuracyBenchmark benchmark =
      new AccuracyBenchmark(plan, List.of(), Optional.empty());

  @Test
  void run_aCase_measuresMembersAndEveryMethodTheSameTwice() {
    Compute.start(1);
    CaseResult first = run();
    assertThat(first.members()).hasSize(2).allSatisfy(a -> assertThat(a).isBetween(0.2, 1.0));
    assertThat(first.fused())
        .extracting(CaseResult.Fusion::method)
        .containsExactly(
            "transplant", "interpolate-mean, 100 images, deeplift", "distill-epochs5, 200 images");
    assertThat(first.baselines())
        .extracting(BaselineResult::baseline)
        .containsExactly("fedavg, 3 rounds", "pooled, 2 epochs");
    assertThat(first.baselines()).allSatisfy(b -> assertThat(b.accuracy()).isBetween(0.3, 1.0));
    assertThat(first.fused().get(0).tuned()).hasSize(2);
    assertThat(first.fused().get(0).tuned().get(1)).isGreaterThan(0.3);
    assertThat(first.fused().get(1).tuned()).isEmpty();
    assertThat(AccuracyTable.of(List.of(run()))).isEqualTo(AccuracyTable.of(List.of(first)));
  }

  @Test
  void table_aTunedRow_isFollowedByItsEpochs() {
    CaseResult tuned =
        new CaseResult(
            "a",
            List.of(0.5, 0.6),
            0.7,
            List.of(new BaselineResult("pooled, 2 epochs", 0.9, 0.4, 2)),
            List.of(new CaseResult.Fusion("transplant", 0.4, List.of(0.55, 0.65), 1)));
    CaseResult other =
        new CaseResult(
            "b",
            List.of(0.8),
            0.8,
            List.of(),
            List.of(new CaseResult.Fusion("transplant", 0.75, List.of(), 1)));
    assertThat(AccuracyTable.of(List.of(tuned, other)))
        .isEqualTo(
            """
            | network               |      a |      b |
            |-----------------------|-------:|-------:|
            | best member           | 0.6000 | 0.8000 |
            | ensemble of softmaxes | 0.7000 | 0.8000 |
            | pooled, 2 epochs      | 0.9000 |        |
            | transplant            | 0.4000 | 0.7500 |
            | … and 1 epoch         | 0.5500 |        |
            | … and 2 epochs        | 0.6500 |        |
            """);
  }

  @Test
  void from_baselinesWithoutShards_saysWhatTheyNeed() {
    String stored =
        "{cases: [{name: a, data: mnist, members: {folder: b}, baselines: {pooled: {}}}],"
            + " methods: [{method: average}]}";
    assertThatThrownBy(() -> Config.parse(stored, "plan", AccuracyPlan::from))
        .isInstanceOf(InvalidInputException.class)
        .hasMessageContaining("cases[0].baselines: expected members.train with a partition");
  }

  @Test
  void run_dataThatWasNotGiven_isLeftOut() {
    assertThat(benchmark.run(plan.cases().get(1), Progress.NONE)).isEmpty();
    assertThat(
            new AccuracyBenchmark(plan, List.of(), Optional.of(Path.of("members")))
                .run(plan.cases().get(1), Progress.NONE))
        .isEmpty();
  }

  @Test
  void plan_aTunedMethodThatIsNone_isAFaultAtItsPlace() {
    assertThatThrownBy(
            () ->
                Config.parse(
                    PLAN.replace("[transplant]", "[transplantation]"), "plan", AccuracyPlan::from))
        .isInstanceOf(InvalidInputException.class)
        .hasMessageContaining("cases[0].tune.methods[0]")
        .hasMessageContaining("found transplantation");
  }

  private CaseResult run() {
    return benchmark.run(plan.cases().get(0), Progress.NONE).orElseThrow();
  }
}
