package io.neurograft.fusion.interpolate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import io.neurograft.fusion.Redrawn;
import io.neurograft.fusion.TestNetworks;
import io.neurograft.neural.PhaseTimes;
import io.neurograft.neural.Progress;
import io.neurograft.neural.attribution.Scores;
import io.neurograft.neural.collection.ClassWeights;
import io.neurograft.neural.collection.Collector;
import io.neurograft.neural.config.Config;
import io.neurograft.neural.data.DataUri;
import io.neurograft.neural.data.Dataset;
import io.neurograft.neural.data.Partitioner;
import io.neurograft.neural.data.Split;
import io.neurograft.neural.exchange.Plan;
import io.neurograft.neural.exchange.Question;
import io.neurograft.neural.moments.AffineRows;
import io.neurograft.neural.moments.FitStep;
import io.neurograft.neural.moments.FitSteps;
import io.neurograft.neural.moments.LevelBudget;
import io.neurograft.neural.moments.MomentSettings;
import io.neurograft.neural.moments.RowSampling;
import io.neurograft.neural.network.Network;
import io.neurograft.neural.network.NetworkSpec;
import io.neurograft.neural.tensor.Compute;
import io.neurograft.neural.training.Evaluation;
import io.neurograft.neural.training.Optimizer;
import io.neurograft.neural.training.Trainer;
import io.neurograft.neural.training.TrainingSettings;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** The promise of section 5 of the design: it does not matter how the examples lie on sites. */
class FederatedMomentsTest {
  private static final Dataset DATA = painted("glyphs?train=160&test=10");
  private static final Dataset OTHERS = painted("glyphs?train=2000&test=10&seed=9");
  private static final RowSampling SAMPLING = new RowSampling(3, 5);
  private static final long SEED = 5;

  /** Coloured digits somewhere in 32 x 32 pixels, which vgg11's five pools need. */
  private static Dataset painted(String digits) {
    return new Redrawn(
        DataUri.open(digits, Split.TRAIN),
        List.of(3, 32, 32),
        (index, digit, target, offset) -> {
          Arrays.fill(target, offset, offset + 3 * 32 * 32, -0.5f);
          for (int channel = 0; channel < 3; channel++) {
            for (int pixel = 0; pixel < digit.length; pixel++) {
              int row = pixel / 28 + (index + channel) % 5;
              int column = pixel % 28 + (index / 5) % 5;
              target[offset + channel * 1024 + row * 32 + column] +=
                  digit[pixel] * (1 + (index * (channel + 3)) % 7) / 4;
            }
          }
        });
  }

  @TempDir Path folder;
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

  static Stream<NetworkSpec> architectures() {
    NetworkSpec mlp =
        NetworkSpec.parse(
            "{family: mlp, widths: [24, 16], classes: 10, input: {shape: [3, 16, 16]}}", "test");
    return Stream.of(
        mlp,
        TestNetworks.vgg11(false, 3),
        TestNetworks.vgg11(true, 3),
        TestNetworks.resnet18(true, 3),
        TestNetworks.vit(8, 2, 6));
  }

  /** Sites that lack classes, sites of a few examples, one of a single batch: all the same sums. */
  @ParameterizedTest
  @MethodSource("architectures")
  void fuse_examplesOnAnyNumberOfSites_isTheSameNetworkInDoublePrecision(NetworkSpec spec) {
    List<Network> members = members(spec);
    Dataset data = fitting(spec, DATA);
    Network whole = fuse(members, Grouping.SELECT, Head.LABELS, atOnePlace(data));

    for (int sites : new int[] {1, 5, 20}) {
      List<Dataset> shards = dirichlet(data, sites);
      assertThat(shards.stream().mapToInt(Dataset::size).sum()).isEqualTo(data.size());
      try (LocalSites local = new LocalSites(shards, members, folder)) {
        Network split = fuse(members, Grouping.SELECT, Head.LABELS, federated(local, data));
        assertSame(split, whole, 1e-6);
      }
    }
  }

  @ParameterizedTest
  @EnumSource(Grouping.class)
  void fuse_anyGroupingAndHead_isTheSameNetwork(Grouping grouping) {
    NetworkSpec spec = TestNetworks.vgg11(true, 3);
    List<Network> members = members(spec);
    for (Head head : Head.values()) {
      Network whole = fuse(members, grouping, head, atOnePlace(DATA));
      try (LocalSites local = new LocalSites(dirichlet(DATA, 3), members, folder)) {
        assertSame(fuse(members, grouping, head, federated(local, DATA)), whole, 1e-6);
      }
    }
  }

  /**
   * Single products, double sums: of members that were trained, the same units, and the same
   * decisions but for two examples in a thousand.
   */
  @ParameterizedTest
  @MethodSource("architectures")
  void fuse_inMixedPrecision_keepsTheSameUnits(NetworkSpec spec) {
    Dataset data = fitting(spec, DATA);
    List<Network> members = trained(spec, data);
    MomentSource one =
        new ProxyMoments(
            data,
            new Collector.Settings(
                new MomentSettings(DataType.FLOAT32, false),
                SAMPLING,
                data.size(),
                1L << 28,
                LevelBudget.NONE));
    Interpolation.Result whole = result(members, Grouping.SELECT, Head.LABELS, one);
    try (LocalSites local = new LocalSites(dirichlet(data, 5), members, folder)) {
      FederatedMoments.Settings settings =
          new FederatedMoments.Settings(
              Plan.Precision.MIXED,
              SAMPLING.seed(),
              SAMPLING.perColumn(),
              data.size(),
              1,
              LevelBudget.NONE);
      Interpolation.Result split =
          result(members, Grouping.SELECT, Head.LABELS, new FederatedMoments(local, settings));
      for (int group = 0; group < whole.clusters().size(); group++) {
        for (int unit = 0; unit < whole.clusters().get(group).units(); unit++) {
          assertThat(split.clusters().get(group).clusterOf(unit))
              .as("group %d, unit %d", group, unit)
              .isEqualTo(whole.clusters().get(group).clusterOf(unit));
        }
      }
      double before = accuracy(new Network(spec, whole.weights()));
      double after = accuracy(new Network(spec, split.weights()));
      assertThat(after).isCloseTo(before, within(2e-3));
    }
  }

  private static double accuracy(Network network) {
    return Evaluation.of(network, fitting(network.spec(), OTHERS), Progress.NONE).accuracy();
  }

  private List<Network> trained(NetworkSpec spec, Dataset data) {
    TrainingSettings brief = new TrainingSettings(Optimizer.ADAM, 2e-3, 0, 0, 16, 6);
    List<Network> members = members(spec);
    for (int member = 0; member < members.size(); member++) {
      Trainer.train(members.get(member), data, brief, member, Progress.NONE);
    }
    return members;
  }

  /** A quarter of the largest S; sites that forget must project alike, too. */
  @ParameterizedTest
  @MethodSource("architectures")
  void fuse_levelsOverTheBudget_isTheSameNetwork(NetworkSpec spec) {
    List<FitStep> steps = FitSteps.of(spec);
    int widest = steps.stream().skip(1).mapToInt(AffineRows::columns).max().orElseThrow();
    LevelBudget budget = new LevelBudget((long) widest * widest / 8);
    assertThat(steps).anyMatch(step -> !budget.fits(step));
    List<Network> members = members(spec);
    Dataset data = fitting(spec, DATA);
    Network whole = fuse(members, Grouping.SELECT, Head.LABELS, atOnePlace(data, budget));

    try (LocalSites local = new LocalSites(dirichlet(data, 3), members, folder).forgetting()) {
      MomentSource moments = federated(local, data, budget);
      assertSame(fuse(members, Grouping.SELECT, Head.LABELS, moments), whole, 1e-6);
    }
  }

  /** The weights come with the question, so that all sites have those of all examples. */
  @Test
  void fuse_balancedClasses_isTheSameNetwork() {
    NetworkSpec spec = TestNetworks.resnet18(true, 3);
    List<Network> members = members(spec);
    Dataset skewed = DATA.subset(IntStream.range(0, 160).filter(i -> i % 20 > i % 7).toArray());
    long[] counts = new long[10];
    Arrays.stream(skewed.labels()).forEach(label -> counts[label]++);
    ClassWeights balanced = ClassWeights.balanced(counts);
    Interpolation weighted =
        new Interpolation(Grouping.SELECT, Head.LABELS, Ridge.AUTO, 2, Optional.empty(), balanced);
    Network whole = fuse(members, weighted, atOnePlace(skewed));
    try (LocalSites local = new LocalSites(dirichlet(skewed, 3), members, folder)) {
      assertSame(fuse(members, weighted, federated(local, skewed)), whole, 1e-6);
    }
    Network same = fuse(members, Grouping.SELECT, Head.LABELS, atOnePlace(skewed));
    assertThat(same.weights().get("levels.9.3.weight"))
        .isNotEqualTo(whole.weights().get("levels.9.3.weight"));
  }

  /** Sites that begin anew have only the questions to know the fused network from. */
  @Test
  void fuse_sitesThatForgetBetweenQuestions_giveTheSameBits() {
    List<Network> members = members(TestNetworks.resnet18(true, 3));
    Dataset few = DATA.subset(IntStream.range(0, 30).toArray());
    List<Dataset> shards = dirichlet(few, 2);
    try (LocalSites steady = new LocalSites(shards, members, folder);
        LocalSites forgetful = new LocalSites(shards, members, folder).forgetting()) {
      Network one = fuse(members, Grouping.SELECT, Head.LABELS, federated(steady, few));
      Network other = fuse(members, Grouping.SELECT, Head.LABELS, federated(forgetful, few));
      one.weights()
          .all()
          .forEach((name, w) -> assertThat(other.weights().get(name)).as(name).isEqualTo(w));
    }
  }

  /** Lost in the middle of a step: the step is asked for again, and fitted on what is left. */
  @Test
  void fuse_siteIsLostAtARefinement_asksForTheStepAgain() {
    List<Network> members = members(TestNetworks.vgg11(true, 3));
    List<Dataset> shards = dirichlet(DATA, 3);
    try (LocalSites losing =
        new LocalSites(shards, members, folder).losing(2, Question.Kind.REFINEMENT, 4)) {
      fuse(members, Grouping.SELECT, Head.LABELS, federated(losing, DATA));
      List<String> told = losing.asked();
      int lost = told.indexOf("refinement of step 4");
      assertThat(told.subList(lost - 1, lost + 4))
          .containsExactly(
              "step 4",
              "refinement of step 4",
              "step 4",
              "refinement of step 4",
              "refinement of step 4");
    }
  }

  private List<Network> members(NetworkSpec spec) {
    return List.of(
        TestNetworks.random(spec, 1, scope),
        TestNetworks.random(spec, 2, scope),
        TestNetworks.random(spec, 3, scope));
  }

  private static Dataset fitting(NetworkSpec spec, Dataset data) {
    return spec.input().shape().get(1) == 32 ? data : corner(data);
  }

  /** The middle of an image: 16 x 16 pixels. */
  private static Dataset corner(Dataset whole) {
    return new Redrawn(
        whole,
        List.of(3, 16, 16),
        (index, all, target, offset) -> {
          for (int row = 0; row < 3 * 16; row++) {
            int from = row / 16 * 1024 + (row % 16 + 8) * 32 + 8;
            System.arraycopy(all, from, target, offset + row * 16, 16);
          }
        });
  }

  private static List<Dataset> dirichlet(Dataset data, int sites) {
    Partitioner partitioner =
        Config.parse(
            "{dirichlet: {alpha: 0.1, min-partition-size: 1, seed: 1}}", "test", Partitioner::from);
    List<Dataset> shards = new ArrayList<>();
    for (int[] shard : partitioner.partition(data.labels(), data.classes(), sites)) {
      if (shard.length > 0) {
        shards.add(data.subset(shard));
      }
    }
    return shards;
  }

  private static MomentSource atOnePlace(Dataset data) {
    return atOnePlace(data, LevelBudget.NONE);
  }

  private static MomentSource atOnePlace(Dataset data, LevelBudget budget) {
    MomentSettings settings = new MomentSettings(DataType.FLOAT64, true);
    return new ProxyMoments(
        data, new Collector.Settings(settings, SAMPLING, data.size(), 1L << 28, budget));
  }

  private static MomentSource federated(LocalSites sites, Dataset data) {
    return federated(sites, data, LevelBudget.NONE);
  }

  private static MomentSource federated(LocalSites sites, Dataset data, LevelBudget budget) {
    return new FederatedMoments(
        sites,
        new FederatedMoments.Settings(
            Plan.Precision.FLOAT64, SAMPLING.seed(), SAMPLING.perColumn(), data.size(), 1, budget));
  }

  private Network fuse(List<Network> members, Grouping grouping, Head head, MomentSource moments) {
    return fuse(members, new Interpolation(grouping, head, Ridge.AUTO, 2), moments);
  }

  private Network fuse(List<Network> members, Interpolation method, MomentSource moments) {
    return new Network(members.get(0).spec(), result(members, method, moments).weights());
  }

  private Interpolation.Result result(
      List<Network> members, Grouping grouping, Head head, MomentSource moments) {
    return result(members, new Interpolation(grouping, head, Ridge.AUTO, 2), moments);
  }

  private Interpolation.Result result(
      List<Network> members, Interpolation method, MomentSource moments) {
    return method.fuse(
        members.get(0).spec(),
        members,
        members.stream().map(m -> Scores.uniform(m.spec())).toList(),
        moments,
        SEED,
        scope,
        new PhaseTimes(() -> 0),
        Progress.NONE);
  }

  /** Other units would be other weights altogether. */
  private static void assertSame(Network found, Network expected, double tolerance) {
    expected
        .weights()
        .all()
        .forEach(
            (name, w) -> {
              NDArray gap = found.weights().get(name).sub(w);
              double relative = norm(gap) / Math.max(norm(w), 1e-12);
              assertThat(relative).as(name).isLessThan(tolerance);
            });
  }

  private static double norm(NDArray array) {
    return Math.sqrt(array.toType(DataType.FLOAT64, false).square().sum().getDouble());
  }
}
