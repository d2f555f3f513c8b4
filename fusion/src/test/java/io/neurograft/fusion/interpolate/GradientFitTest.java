package io.neurograft.fusion.interpolate;

import static io.neurograft.fusion.TestNetworks.difference;
import static io.neurograft.fusion.TestNetworks.random;
import static io.neurograft.fusion.interpolate.Matrices.concat;
import static io.neurograft.fusion.interpolate.Matrices.rows;
import static io.neurograft.fusion.interpolate.Matrices.scores;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import io.neurograft.fusion.Redrawn;
import io.neurograft.neural.PhaseTimes;
import io.neurograft.neural.Progress;
import io.neurograft.neural.attribution.Scores;
import io.neurograft.neural.collection.Clusters;
import io.neurograft.neural.collection.Collector;
import io.neurograft.neural.config.InvalidInputException;
import io.neurograft.neural.data.Batches;
import io.neurograft.neural.data.DataUri;
import io.neurograft.neural.data.Dataset;
import io.neurograft.neural.data.Split;
import io.neurograft.neural.moments.FitStep;
import io.neurograft.neural.moments.FitSteps;
import io.neurograft.neural.moments.LevelBudget;
import io.neurograft.neural.moments.MomentSettings;
import io.neurograft.neural.moments.RowSampling;
import io.neurograft.neural.network.Network;
import io.neurograft.neural.network.NetworkSpec;
import io.neurograft.neural.tensor.Compute;
import io.neurograft.neural.training.Optimizer;
import io.neurograft.neural.training.TrainingSettings;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class GradientFitTest {
  private static final Dataset GLYPHS =
      padded(DataUri.open("glyphs?train=200&test=10", Split.TRAIN));
  private static final long EVERYTHING = 1 << 28;
  private static final TrainingSettings BRIEF =
      new TrainingSettings(Optimizer.ADAM, 1e-3, 0, 0, 32, 4);
  private static final String VIT = "family: vit, width: 8, heads: 2, mlp: 6, depth: 2, patch: 8";

  /** Digits in the corner of 32 x 32 pixels, which vgg11's five pools need. */
  private static Dataset padded(Dataset digits) {
    return new Redrawn(
        digits,
        List.of(1, 32, 32),
        (index, digit, target, offset) -> {
          Arrays.fill(target, offset, offset + 32 * 32, 0);
          for (int row = 0; row < 28; row++) {
            System.arraycopy(digit, row * 28, target, offset + row * 32, 28);
          }
        });
  }

  private NDManager scope;

  @BeforeEach
  void open() {
    Compute.start(1);
    scope = Compute.newManager();
  }

  @AfterEach
  void close() {
    scope.close();
  }

  /** Each level is trained from its closed form on the levels below, as they are when trained. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "family: mlp, widths: [12, 9]",
        "family: vgg11, widths: [3, 4, 5, 5, 6, 6, 7, 7], batchnorm: true",
        "family: resnet18, widths: [3, 5], blocks: 1",
        VIT
      })
  void fit_everyLevelOfAnArchitecture_isNeverWorseOnWhatIsHeldBack(String family) {
    NetworkSpec spec = spec(family);
    List<Network> members = List.of(random(spec, 1, scope), random(spec, 2, scope));
    GradientFit gradient = new GradientFit(GLYPHS, BRIEF, EVERYTHING, 7);
    Network fused = closedForm(spec, members, gradient);
    for (int level = 0; level < spec.levelCount(); level++) {
      LevelTargets targets = targets(fused, members, level, level == spec.levelCount() - 1);
      double before = heldBackLoss(gradient, fused, targets);

      gradient.fit(fused, targets, new StepReport(0, "", 0, 1, 1, 1, 1, 0, 0, 0, 0));

      assertThat(heldBackLoss(gradient, fused, targets)).isLessThanOrEqualTo(before);
    }
  }

  /** Heads are selected and hidden units grouped in closed form: together they can do better. */
  @Test
  void fit_transformerBlock_bringsItCloserToTheMembers() {
    NetworkSpec spec = spec(VIT);
    List<Network> members = List.of(random(spec, 1, scope), random(spec, 2, scope));
    GradientFit gradient = GradientFit.of(GLYPHS, 1 << 20, 7);
    Network fused = closedForm(spec, members, gradient);
    LevelTargets targets = targets(fused, members, 1, false);
    double before = heldBackLoss(gradient, fused, targets);

    gradient.fit(fused, targets, new StepReport(0, "", 0, 1, 1, 1, 1, 0, 0, 0, 0));

    assertThat(heldBackLoss(gradient, fused, targets)).isLessThan(0.9 * before);
  }

  @Test
  void fit_rateThatDiverges_leavesTheClosedForm() {
    NetworkSpec spec = spec(VIT);
    List<Network> members = List.of(random(spec, 1, scope), random(spec, 2, scope));
    TrainingSettings wild = new TrainingSettings(Optimizer.ADAM, 1e3, 0, 0, 32, 3);
    GradientFit gradient = new GradientFit(GLYPHS, wild, EVERYTHING, 7);
    Network fused = closedForm(spec, members, gradient);
    Network start = new Network(spec, fused.weights().copy(scope));

    gradient.fit(
        fused, targets(fused, members, 1, false), new StepReport(0, "", 0, 1, 1, 1, 1, 0, 0, 0, 0));

    start.weights().all().forEach((n, w) -> assertThat(fused.weights().get(n)).isEqualTo(w));
  }

  /** NI, Theorem 1, on explicit rows of the examples trained on. */
  @Test
  void fuse_trainedCentroids_errorsAddUpToTheFullCost() {
    NetworkSpec spec = spec("family: mlp, widths: [12, 9]");
    List<Network> members = List.of(random(spec, 1, scope), random(spec, 2, scope));
    List<Scores> scores = List.of(scores(spec, 3), scores(spec, 4));
    GradientFit gradient = new GradientFit(GLYPHS, BRIEF, EVERYTHING, 7);

    Interpolation.Result result =
        fuse(spec, members, scores, gradient, gradient.moments(LevelBudget.NONE));

    Network fused = new Network(spec, result.weights());
    NDArray x = batch(spec, gradient.training());
    for (int level = 0; level < 2; level++) {
      double[][] z = rows(both(members, x, level + 1));
      double[][] y = rows(fused.forward(x, 0, level + 1));
      double[] weights = concat(scores.get(0).group(level), scores.get(1).group(level));
      Clusters clusters =
          Grouping.KMEANS.group(Matrices.gram(z), weights, spec.units(level)).clusters();
      double full = 0;
      for (int i = 0; i < z.length; i++) {
        for (int j = 0; j < weights.length; j++) {
          double gap = z[i][j] - y[i][clusters.clusterOf(j)];
          full += weights[j] * gap * gap;
        }
      }
      StepReport report = result.steps().get(level);
      assertThat(report.rows()).isEqualTo(160);
      assertThat(report.grouping() + report.approximation()).isCloseTo(full, within(1e-3 * full));
    }
  }

  /** A level is trained after its steps were asked for: what is kept between steps must follow. */
  @Test
  void fuse_momentsKeepNothing_isTheSameNetwork() {
    NetworkSpec spec = spec(VIT);
    List<Network> members = List.of(random(spec, 1, scope), random(spec, 2, scope));
    List<Scores> scores = members.stream().map(m -> Scores.uniform(spec)).toList();
    GradientFit gradient = new GradientFit(GLYPHS, BRIEF, EVERYTHING, 7);

    Interpolation.Result kept =
        fuse(spec, members, scores, gradient, moments(gradient, EVERYTHING));
    Interpolation.Result streamed = fuse(spec, members, scores, gradient, moments(gradient, 0));

    kept.weights().all().forEach((n, w) -> assertThat(streamed.weights().get(n)).isEqualTo(w));
  }

  /** Members and fused prefix run again for each batch: the same up to rounding. */
  @Test
  void fit_nothingKept_isTheSameLevel() {
    NetworkSpec spec = spec("family: resnet18, widths: [3, 5], blocks: 1");
    List<Network> members = List.of(random(spec, 1, scope), random(spec, 2, scope));
    GradientFit gradient = new GradientFit(GLYPHS, BRIEF, EVERYTHING, 7);
    Network kept = closedForm(spec, members, gradient);
    Network streamed = new Network(spec, kept.weights().copy(scope));
    StepReport closed = new StepReport(0, "", 0, 1, 1, 1, 1, 0, 0, 0, 0);

    gradient.fit(kept, targets(kept, members, 1, false), closed);
    new GradientFit(GLYPHS, BRIEF, 0, 7)
        .fit(streamed, targets(streamed, members, 1, false), closed);

    kept.weights()
        .all()
        .forEach((n, w) -> assertThat(difference(streamed.weights().get(n), w)).isLessThan(1e-2));
  }

  @Test
  void of_fewerExamplesThanAFold_isRefused() {
    assertThatThrownBy(() -> GradientFit.of(GLYPHS.subset(new int[] {1, 2, 3, 4}), 0, 7))
        .isInstanceOf(InvalidInputException.class)
        .hasMessageContaining("expected at least 5, found 4");
  }

  private static NetworkSpec spec(String family) {
    return NetworkSpec.parse("{" + family + ", classes: 10, input: {shape: [1, 32, 32]}}", "test");
  }

  private Network closedForm(NetworkSpec spec, List<Network> members, GradientFit gradient) {
    Interpolation.Result result =
        new Interpolation(Grouping.KMEANS, Head.MEAN, Ridge.of(1e-2), 0)
            .fuse(
                spec,
                members,
                members.stream().map(m -> Scores.uniform(spec)).toList(),
                gradient.moments(LevelBudget.NONE),
                5,
                scope,
                new PhaseTimes(() -> 0),
                Progress.NONE);
    return new Network(spec, result.weights());
  }

  private Interpolation.Result fuse(
      NetworkSpec spec,
      List<Network> members,
      List<Scores> scores,
      GradientFit gradient,
      MomentSource moments) {
    return new Interpolation(Grouping.KMEANS, Head.MEAN, Ridge.of(1e-2), 0, Optional.of(gradient))
        .fuse(spec, members, scores, moments, 5, scope, new PhaseTimes(() -> 0), Progress.NONE);
  }

  private static MomentSource moments(GradientFit gradient, long keptBytes) {
    RowSampling everything = new RowSampling(1, 1000);
    Dataset data = GLYPHS.subset(gradient.training());
    MomentSettings settings = new MomentSettings(DataType.FLOAT32, true);
    return new ProxyMoments(
        data,
        new Collector.Settings(settings, everything, data.size(), keptBytes, LevelBudget.NONE));
  }

  /** Targets of any clusters will do: pairs of the members' units. */
  private LevelTargets targets(Network fused, List<Network> members, int level, boolean labels) {
    FitStep last =
        FitSteps.of(fused.spec()).stream()
            .filter(step -> step.level() == level)
            .reduce((a, b) -> b)
            .orElseThrow();
    int units = fused.spec().units(level);
    double[] importance = new double[2 * units];
    Arrays.setAll(importance, j -> 1 + j % 3);
    int[] pairs = new int[2 * units];
    Arrays.setAll(pairs, j -> j % units);
    return new LevelTargets(
        members, last, Clusters.weighted(pairs, importance, units), importance, labels);
  }

  private double heldBackLoss(GradientFit gradient, Network fused, LevelTargets targets) {
    try (NDManager own = scope.newSubManager();
        LevelExamples level = new LevelExamples(GLYPHS, 32, EVERYTHING, fused, targets)) {
      return new LevelTraining(fused, targets, level, own).loss(gradient.heldBack());
    }
  }

  private static NDArray both(List<Network> members, NDArray x, int levels) {
    return members.stream()
        .map(m -> m.forward(x, 0, levels))
        .reduce((a, b) -> a.concat(b, 1))
        .orElseThrow();
  }

  private NDArray batch(NetworkSpec spec, int[] places) {
    List<NDArray> all = new ArrayList<>();
    Batches.forEach(
        GLYPHS,
        spec.input(),
        places,
        places.length,
        scope,
        batch -> {
          batch.x().attach(scope);
          all.add(batch.x());
        });
    return all.get(0);
  }
}
