package io.neurograft.fusion.interpolate;

import static io.neurograft.fusion.TestNetworks.difference;
import static io.neurograft.fusion.TestNetworks.lenet5;
import static io.neurograft.fusion.TestNetworks.mlp;
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
import io.neurograft.neural.PhaseTimes;
import io.neurograft.neural.Progress;
import io.neurograft.neural.attribution.Scores;
import io.neurograft.neural.collection.ClassWeights;
import io.neurograft.neural.collection.Clusters;
import io.neurograft.neural.collection.Collector;
import io.neurograft.neural.config.InvalidInputException;
import io.neurograft.neural.data.Batches;
import io.neurograft.neural.data.DataUri;
import io.neurograft.neural.data.Dataset;
import io.neurograft.neural.data.Split;
import io.neurograft.neural.moments.FitSteps;
import io.neurograft.neural.moments.LevelBudget;
import io.neurograft.neural.moments.MomentSettings;
import io.neurograft.neural.moments.RowSampling;
import io.neurograft.neural.network.Network;
import io.neurograft.neural.network.NetworkSpec;
import io.neurograft.neural.tensor.Compute;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class InterpolationTest {
  private static final Dataset GLYPHS = DataUri.open("glyphs?train=300&test=40", Split.TRAIN);

  /** Rows enough where every pixel is a row of its own. */
  private static final Dataset FEW = GLYPHS.subset(IntStream.range(0, 50).toArray());

  private static final NetworkSpec NORMED =
      NetworkSpec.parse(
          "{input: {shape: [1, 28, 28], std: [0.3]}, levels: ["
              + "[{conv: {out: 4, kernel: 5, stride: 2}}, batchnorm],"
              + "[relu, {maxpool: 2}, {conv: {out: 6, kernel: 3}}, batchnorm],"
              + "[relu, flatten, {dropout: 0.2}, {linear: 9}, batchnorm],"
              + "[relu, {linear: 10}]]}",
          "test");

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

  /** The levels' fits are exact here: the fused network is the member, batchnorms and all. */
  @ParameterizedTest
  @EnumSource(Grouping.class)
  void fuse_oneMemberAtItsOwnWidths_isThatMember(Grouping grouping) {
    Network member = random(NORMED, 1, scope);

    Network fused = fuse(NORMED, List.of(member), grouping, Head.MEAN, source(300));

    NDArray x = batch(NORMED);
    assertThat(difference(fused.forward(x), member.forward(x))).isLessThan(1e-3);
    assertThat(fused.weights().get("levels.0.1.running_var").min().getFloat()).isPositive();
  }

  /** Half of the units are copies: nothing is lost by leaving them out. */
  @ParameterizedTest
  @EnumSource(Grouping.class)
  void fuse_theSameMemberTwice_isThatMember(Grouping grouping) {
    NetworkSpec spec = lenet5(4, 6, 14, 12);
    Network member = random(spec, 1, scope);

    Network fused = fuse(spec, List.of(member, member), grouping, Head.MEAN, source(300));

    NDArray x = batch(spec);
    assertThat(difference(fused.forward(x), member.forward(x))).isLessThan(1e-3);
  }

  /** Residual joins with and without projection, batchnorms, heads and token embeddings. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "family: resnet18, widths: [3, 5], blocks: 2",
        "family: resnet18, widths: [3, 5], blocks: 1, batchnorm: false",
        "family: vit, width: 8, heads: 2, mlp: 6, depth: 2, patch: 7"
      })
  void fuse_theSameMemberTwiceOnEveryArchitecture_isThatMember(String family) {
    NetworkSpec spec =
        NetworkSpec.parse("{" + family + ", classes: 10, input: {shape: [1, 28, 28]}}", "test");
    Network member = random(spec, 1, scope);
    for (Grouping grouping : Grouping.values()) {
      MomentSource exact = source(FEW, DataType.FLOAT64, 1 << 20, LevelBudget.NONE);
      Network fused = fuse(spec, List.of(member, member), grouping, Head.MEAN, exact);

      NDArray x = batch(spec).get("0:50");
      assertThat(difference(fused.forward(x), member.forward(x))).isLessThan(1e-3);
    }
  }

  /** What inputs are projected to holds what the member made of them: nothing is lost. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "family: lenet5, widths: [4, 6, 14, 12]",
        "family: resnet18, widths: [3, 5], blocks: 2",
        "family: resnet18, widths: [3, 5], blocks: 1, batchnorm: false"
      })
  void fuse_theSameMemberTwiceOverTheBudget_isThatMember(String family) {
    NetworkSpec spec =
        NetworkSpec.parse("{" + family + ", classes: 10, input: {shape: [1, 28, 28]}}", "test");
    Network member = random(spec, 1, scope);
    LevelBudget budget = new LevelBudget(20 * 21 / 2);
    assertThat(FitSteps.of(spec).stream().filter(step -> !budget.fits(step)).count())
        .isGreaterThan(2);
    Dataset data = family.contains("resnet") ? FEW : GLYPHS;
    for (Grouping grouping : Grouping.values()) {
      MomentSource projected = source(data, DataType.FLOAT64, 1 << 20, budget);
      Network fused = fuse(spec, List.of(member, member), grouping, Head.MEAN, projected);

      NDArray x = batch(spec).get("0:50");
      assertThat(difference(fused.forward(x), member.forward(x))).isLessThan(1e-3);
    }
  }

  @Test
  void fuse_membersOfOtherWidths_givesTheTargetsWidths() {
    NetworkSpec target = lenet5(4, 6, 14, 12);
    List<Network> members =
        List.of(random(lenet5(3, 9, 8, 12), 1, scope), random(lenet5(5, 4, 20, 6), 2, scope));
    for (Grouping grouping : List.of(Grouping.SELECT, Grouping.KMEANS)) {
      Network fused = fuse(target, members, grouping, Head.LABELS, source(300));
      assertThat(fused.forward(batch(target)).getShape().get(1)).isEqualTo(10);
    }
  }

  /** NI, Theorem 1: checked on explicit rows of every level of a multilayer perceptron. */
  @ParameterizedTest
  @EnumSource(
      value = Grouping.class,
      names = {"KMEANS", "HUNGARIAN"})
  void fuse_anyCentroids_errorsAddUpToTheFullCost(Grouping grouping) {
    NetworkSpec spec = mlp(12, 9);
    List<Network> members = List.of(random(spec, 1, scope), random(spec, 2, scope));
    List<Scores> scores = List.of(scores(spec, 3), scores(spec, 4));

    Interpolation.Result result =
        new Interpolation(grouping, Head.MEAN, Ridge.of(1e-2), 0)
            .fuse(
                spec,
                members,
                scores,
                source(DataType.FLOAT64, 1 << 20),
                5,
                scope,
                new PhaseTimes(() -> 0),
                Progress.NONE);

    Network fused = new Network(spec, result.weights());
    NDArray x = batch(spec);
    for (int level = 0; level < 2; level++) {
      int at = level;
      double[][] z =
          rows(
              members.stream()
                  .map(m -> m.forward(x, 0, at + 1))
                  .reduce((a, b) -> a.concat(b, 1))
                  .orElseThrow());
      double[][] y = rows(fused.forward(x, 0, level + 1));
      double[] weights = concat(scores.get(0).group(level), scores.get(1).group(level));
      double[] gram = Matrices.gram(z);
      Clusters clusters = grouping.group(gram, weights, spec.units(level)).clusters();
      double full = 0;
      for (int i = 0; i < z.length; i++) {
        for (int j = 0; j < weights.length; j++) {
          double gap = z[i][j] - y[i][clusters.clusterOf(j)];
          full += weights[j] * gap * gap;
        }
      }
      StepReport report = result.steps().get(level);
      assertThat(report.rows()).isEqualTo(300);
      assertThat(report.grouping() + report.approximation()).isCloseTo(full, within(1e-3 * full));
    }
  }

  /** What the refinements minimise, on explicit rows of the first level. */
  @Test
  void fuse_refinements_shrinkTheErrorThatTheRectifierLetsThrough() {
    NetworkSpec spec = mlp(12);
    List<Network> members = List.of(random(spec, 1, scope), random(spec, 2, scope));
    NDArray x = batch(spec);
    double[][] z = rows(members.get(0).forward(x, 0, 1).concat(members.get(1).forward(x, 0, 1), 1));
    double[] ones = new double[24];
    Arrays.fill(ones, 1);
    Clusters clusters = Grouping.KMEANS.group(Matrices.gram(z), ones, 12).clusters();
    double before = Double.POSITIVE_INFINITY;
    for (int refinements = 0; refinements < 4; refinements++) {
      Interpolation.Result result =
          new Interpolation(Grouping.KMEANS, Head.MEAN, Ridge.of(1e-1), refinements)
              .fuse(
                  spec,
                  members,
                  members.stream().map(m -> Scores.uniform(m.spec())).toList(),
                  source(DataType.FLOAT64, 1 << 20),
                  5,
                  scope,
                  new PhaseTimes(() -> 0),
                  Progress.NONE);
      double[][] y = rows(new Network(spec, result.weights()).forward(x, 0, 1));
      double error = 0;
      for (int row = 0; row < z.length; row++) {
        double[] t = new double[12];
        for (int unit = 0; unit < 24; unit++) {
          t[clusters.clusterOf(unit)] += clusters.share(unit) * z[row][unit];
        }
        for (int k = 0; k < 12; k++) {
          double gap = t[k] > 0 ? t[k] - y[row][k] : Math.max(0, y[row][k]);
          error += gap * gap;
        }
      }
      assertThat(error).isLessThan(before);
      before = error;
    }
  }

  @ParameterizedTest
  @EnumSource(Head.class)
  void fuse_nothingKeptBetweenLevels_isTheSameNetwork(Head head) {
    List<Network> members = List.of(random(NORMED, 1, scope), random(NORMED, 2, scope));

    Network kept = fuse(NORMED, members, Grouping.SELECT, head, source(1 << 20));
    Network streamed = fuse(NORMED, members, Grouping.SELECT, head, source(0));

    kept.weights()
        .all()
        .forEach((name, w) -> assertThat(streamed.weights().get(name)).isEqualTo(w));
  }

  @Test
  void fuse_headMean_weighsClassesByTheirScores() {
    NetworkSpec spec = mlp(12);
    Network a = random(spec, 1, scope);
    Network b = random(spec, 2, scope);
    List<List<Float>> strong = new ArrayList<>(Scores.uniform(spec).groups());
    strong.set(1, java.util.Collections.nCopies(10, 1e6f));

    Interpolation.Result result =
        new Interpolation(Grouping.SELECT, Head.MEAN, Ridge.of(0), 0)
            .fuse(
                mlp(24),
                List.of(a, b),
                List.of(new Scores(strong), Scores.uniform(spec)),
                source(1 << 20),
                5,
                scope,
                new PhaseTimes(() -> 0),
                Progress.NONE);

    NDArray x = batch(spec);
    NDArray logits = new Network(mlp(24), result.weights()).forward(x);
    assertThat(difference(logits, a.forward(x))).isLessThan(1e-3);
  }

  /** One-hot labels lie between 0 and 1; logits of a trained network do not. */
  @Test
  void fuse_headLabels_spreadsAsTheMembersLogitsDo() {
    NetworkSpec spec = mlp(12);
    List<Network> members = List.of(random(spec, 1, scope), random(spec, 2, scope));

    Network fused = fuse(mlp(24), members, Grouping.SELECT, Head.LABELS, source(1 << 20));

    NDArray x = batch(spec);
    NDArray mean = members.get(0).forward(x).add(members.get(1).forward(x)).div(2);
    double ratio = spread(fused.forward(x)) / spread(mean);
    assertThat(ratio).isCloseTo(1, within(1e-3));
  }

  /** A class of few examples is found more often. */
  @Test
  void fuse_balancedClasses_findTheRareOneMoreOften() {
    NetworkSpec spec = mlp(20);
    List<Network> members = List.of(random(spec, 1, scope), random(spec, 2, scope));
    int[] labels = GLYPHS.labels();
    int[] ofRare = IntStream.range(0, 300).filter(i -> labels[i] == 3).toArray();
    int rare = ofRare.length / 6;
    int[] kept =
        IntStream.concat(
                IntStream.range(0, 300).filter(i -> labels[i] != 3),
                Arrays.stream(ofRare).limit(rare))
            .toArray();
    Dataset skewed = GLYPHS.subset(kept);
    long[] counts = new long[10];
    Arrays.stream(skewed.labels()).forEach(label -> counts[label]++);

    long plain = found(spec, members, skewed, ClassWeights.NONE, ofRare);
    long balanced = found(spec, members, skewed, ClassWeights.balanced(counts), ofRare);

    assertThat(balanced).isGreaterThan(plain);
  }

  private long found(
      NetworkSpec spec, List<Network> members, Dataset data, ClassWeights weights, int[] ofRare) {
    Interpolation.Result result =
        new Interpolation(
                Grouping.SELECT, Head.LABELS, Ridge.of(1e-2), 1, Optional.empty(), weights)
            .fuse(
                spec,
                members,
                members.stream().map(m -> Scores.uniform(m.spec())).toList(),
                ProxyMoments.of(data, 1, 1 << 20, LevelBudget.NONE),
                5,
                scope,
                new PhaseTimes(() -> 0),
                Progress.NONE);
    long[] guessed =
        new Network(spec, result.weights()).forward(batch(spec)).argMax(1).toLongArray();
    return Arrays.stream(ofRare).filter(i -> guessed[i] == 3).count();
  }

  private static double spread(NDArray logits) {
    NDArray mean = logits.mean(new int[] {1}, true);
    return logits.sub(mean).square().sum().getFloat();
  }

  @Test
  void fuse_batchNormBeforeTheMap_isRefused() {
    NetworkSpec spec =
        NetworkSpec.parse(
            "{input: {shape: [1, 28, 28]}, levels: [[flatten, {linear: 4}],"
                + " [batchnorm, relu, {linear: 10}]]}",
            "test");
    assertThatThrownBy(
            () ->
                fuse(spec, List.of(random(spec, 1, scope)), Grouping.SELECT, Head.MEAN, source(0)))
        .isInstanceOf(InvalidInputException.class)
        .hasMessageContaining("levels.1.0.batchnorm");
  }

  @Test
  void fuse_noData_isRefused() {
    NetworkSpec spec = mlp(4);
    assertThatThrownBy(
            () ->
                fuse(
                    spec,
                    List.of(random(spec, 1, scope)),
                    Grouping.SELECT,
                    Head.MEAN,
                    MomentSource.NONE))
        .isInstanceOf(InvalidInputException.class)
        .hasMessageContaining("needs examples");
    assertThatThrownBy(() -> ProxyMoments.of(GLYPHS.subset(new int[0]), 1, 0, LevelBudget.NONE))
        .isInstanceOf(InvalidInputException.class);
  }

  private Network fuse(
      NetworkSpec target,
      List<Network> members,
      Grouping grouping,
      Head head,
      MomentSource moments) {
    Interpolation.Result result =
        new Interpolation(grouping, head, Ridge.of(1e-9), 1)
            .fuse(
                target,
                members,
                members.stream().map(m -> Scores.uniform(m.spec())).toList(),
                moments,
                5,
                scope,
                new PhaseTimes(() -> 0),
                Progress.NONE);
    return new Network(target, result.weights());
  }

  private static MomentSource source(long keptBytes) {
    return source(DataType.FLOAT32, keptBytes);
  }

  private static MomentSource source(DataType products, long keptBytes) {
    return source(GLYPHS, products, keptBytes, LevelBudget.NONE);
  }

  private static MomentSource source(
      Dataset data, DataType products, long keptBytes, LevelBudget budget) {
    MomentSettings settings = new MomentSettings(products, true);
    RowSampling everything = new RowSampling(1, 1 << 20);
    return new ProxyMoments(
        data, new Collector.Settings(settings, everything, data.size(), keptBytes, budget));
  }

  private NDArray batch(NetworkSpec spec) {
    List<NDArray> all = new ArrayList<>();
    Batches.forEach(
        GLYPHS,
        spec.input(),
        Batches.all(GLYPHS),
        GLYPHS.size(),
        scope,
        batch -> {
          NDArray x = batch.x();
          x.attach(scope);
          all.add(x);
        });
    return all.get(0);
  }
}
