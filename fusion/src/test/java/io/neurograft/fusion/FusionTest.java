package io.neurograft.fusion;

import static io.neurograft.fusion.TestNetworks.mlp;
import static io.neurograft.fusion.TestNetworks.random;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.ndarray.NDManager;
import io.neurograft.fusion.baseline.Alignment;
import io.neurograft.fusion.interpolate.Fit;
import io.neurograft.fusion.interpolate.Grouping;
import io.neurograft.fusion.interpolate.Head;
import io.neurograft.fusion.interpolate.MomentSource;
import io.neurograft.fusion.interpolate.Ridge;
import io.neurograft.fusion.transplant.Duplicates;
import io.neurograft.fusion.transplant.Order;
import io.neurograft.fusion.transplant.Ranking;
import io.neurograft.fusion.transplant.Variant;
import io.neurograft.neural.Progress;
import io.neurograft.neural.attribution.Scores;
import io.neurograft.neural.config.InvalidInputException;
import io.neurograft.neural.data.DataUri;
import io.neurograft.neural.data.Dataset;
import io.neurograft.neural.data.Split;
import io.neurograft.neural.network.Network;
import io.neurograft.neural.network.NetworkSpec;
import io.neurograft.neural.network.Weights;
import io.neurograft.neural.tensor.Compute;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class FusionTest {
  private static final NetworkSpec SPEC = mlp(12);
  private static final Dataset GLYPHS = DataUri.open("glyphs?train=100&test=10", Split.TRAIN);

  private static final FusionMethod TUNED =
      new FusionMethod.Transplant(
          Ranking.MAGNITUDE, Variant.MERGE_TUNE_PRUNE, Order.SIMULTANEOUS, Duplicates.MERGE, 2);

  private NDManager scope;
  private long now;

  @BeforeEach
  void open() {
    Compute.start(1);
    scope = Compute.newManager();
  }

  @AfterEach
  void close() {
    scope.close();
  }

  static List<FusionMethod> methods() {
    return List.of(
        new FusionMethod.Average(),
        new FusionMethod.Transplant(),
        TUNED,
        new FusionMethod.Interpolate(),
        new FusionMethod.Interpolate(Grouping.KMEANS, Head.LABELS, Ridge.AUTO, 2, Fit.GRADIENT),
        new FusionMethod.Ot(),
        new FusionMethod.Ot(Alignment.WEIGHT),
        new FusionMethod.Rebasin(),
        new FusionMethod.Interpolate(Grouping.HUNGARIAN, Head.LABELS, Ridge.AUTO, 2),
        new FusionMethod.Distill(2, 2));
  }

  @ParameterizedTest
  @MethodSource("methods")
  void fuse_sameSeed_sameBitsAndReport(FusionMethod method) {
    Fused first = fuse(SPEC, method, member("a", SPEC, 1), member("b", SPEC, 2));
    Fused second = fuse(SPEC, method, member("a", SPEC, 1), member("b", SPEC, 2));

    first.weights().all().forEach((n, w) -> assertThat(second.weights().get(n)).isEqualTo(w));
    assertThat(first.report().steps()).isEqualTo(second.report().steps());
    assertThat(first.report().method()).isEqualTo(method.word());
    assertThat(first.report().warnings()).isEmpty();
    assertThat(first.report().members())
        .extracting(FusionReport.MemberEntry::name)
        .containsExactly("a", "b");
  }

  /** Moments alone, as sites send them, are not enough to train on. */
  @Test
  void fuse_gradientFitWithoutExamples_isRefusedBeforeAnyWork() {
    FusionMethod method =
        new FusionMethod.Interpolate(Grouping.SELECT, Head.MEAN, Ridge.AUTO, 2, Fit.GRADIENT);
    FusionData sites = new FusionData(MomentSource.NONE, Optional.empty(), 0);
    List<Double> heard = new ArrayList<>();

    assertThatThrownBy(
            () ->
                new Fusion(() -> now)
                    .fuse(
                        SPEC,
                        List.of(member("a", SPEC, 1)),
                        method,
                        sites,
                        7,
                        scope,
                        (fraction, phase) -> heard.add(fraction)))
        .isInstanceOf(InvalidInputException.class)
        .hasMessageContaining("this method trains: it needs examples beside the fusion");
    assertThat(heard).isEmpty();
  }

  @Test
  void fuse_gradientFit_timesItsTraining() {
    FusionMethod method =
        new FusionMethod.Interpolate(Grouping.SELECT, Head.LABELS, Ridge.AUTO, 2, Fit.GRADIENT);

    FusionReport report = fuse(SPEC, method, member("a", SPEC, 1)).report();

    assertThat(report.phases().get("train")).isEqualTo(2.0); // two levels, a second each
    assertThat(report.steps().get(0).rows()).isEqualTo(80); // a fifth of 100 is held back
    assertThat(report.parameters()).containsEntry("fit", "gradient");
  }

  @Test
  void fuse_interpolate_reportsEachLevelAndTimesEachPhaseByTheGivenClock() {
    FusionReport report = fuse(SPEC, new FusionMethod.Interpolate(), member("a", SPEC, 1)).report();

    assertThat(report.steps()).hasSize(2);
    assertThat(report.steps().get(0).rows()).isEqualTo(100);
    assertThat(report.steps().get(0).columns()).isEqualTo(785);
    assertThat(report.phases()).containsOnlyKeys("forward", "moments", "grouping", "solve");
    assertThat(report.phases().get("solve"))
        .isEqualTo(7.0); // 2 levels factored, solved; 2 refinements; errors of one
  }

  @Test
  void fuse_interpolate_leavesOnlyItsResultInTheCallersScope() {
    fuse(SPEC, new FusionMethod.Interpolate(), member("a", SPEC, 1)).close();
    Member member = member("a", SPEC, 1);
    int before = scope.getManagedArrays().size();

    Fused fused = fuse(SPEC, new FusionMethod.Interpolate(), member);

    int made = scope.getManagedArrays().size() - before;
    assertThat(made).isLessThanOrEqualTo(fused.weights().all().size());
    fused.close();
    assertThat(scope.getManagedArrays()).hasSize(before);
  }

  @Test
  void fuse_fewerExamplesThanUnits_warns() {
    NetworkSpec wide = mlp(120);
    Fused few =
        fuse(wide, new FusionMethod.Interpolate(), member("a", wide, 1), member("b", wide, 2));
    assertThat(few.report().warnings()).singleElement().asString().contains("100 examples");

    Fused enough = fuse(SPEC, new FusionMethod.Interpolate(), member("a", SPEC, 1));
    assertThat(enough.report().warnings()).isEmpty();
  }

  @Test
  void fuse_membersThatDoNotFit_namesEach() {
    NetworkSpec deep = mlp(12, 4);
    NetworkSpec other =
        NetworkSpec.parse(
            "{input: {shape: [1, 28, 28], mean: [0.2], std: [0.4]},"
                + " levels: [[flatten, {linear: 12}], [{linear: 10}]]}",
            "test");
    assertThatThrownBy(
            () ->
                fuse(
                    SPEC,
                    new FusionMethod.Transplant(),
                    member("deep", deep, 1),
                    member("flat", other, 2),
                    member("good", SPEC, 3)))
        .isInstanceOf(InvalidInputException.class)
        .hasMessageContaining("member deep: has 3 levels")
        .hasMessageContaining("member flat: has other layers in levels[1]")
        .hasMessageNotContaining("good");
  }

  @Test
  void fuse_aMemberTwice_warnsByName() {
    Member copy = member("copy", SPEC, 1);
    assertThat(
            fuse(
                    SPEC,
                    new FusionMethod.Transplant(),
                    member("a", SPEC, 1),
                    member("b", SPEC, 2),
                    copy)
                .report()
                .warnings())
        .singleElement()
        .asString()
        .contains("members a and copy are nearly the same network", "1.00");
  }

  @Test
  void fuse_aTrainingMethodWithoutExamples_isRefused() {
    assertThatThrownBy(
            () ->
                new Fusion(() -> now)
                    .fuse(
                        SPEC,
                        List.of(member("a", SPEC, 1)),
                        TUNED,
                        FusionData.NONE,
                        7,
                        scope,
                        Progress.NONE))
        .isInstanceOf(InvalidInputException.class)
        .hasMessageContaining("it needs examples");
  }

  @Test
  void fuse_moreUnitsThanThereAre_saysWhere() {
    assertThatThrownBy(
            () ->
                fuse(
                    mlp(30),
                    new FusionMethod.Transplant(),
                    member("a", SPEC, 1),
                    member("b", SPEC, 2)))
        .isInstanceOf(InvalidInputException.class)
        .hasMessageContaining("levels.0.1: asks for 30 units")
        .hasMessageContaining("only 24");
  }

  @ParameterizedTest
  @ValueSource(strings = {"average", "ot", "ot-weight", "rebasin", "interpolate-hungarian"})
  void fuse_otherWidths_namesMembersAndGroupsAndTheRemedy(String label) {
    FusionMethod method =
        methods().stream().filter(m -> m.label().equals(label)).findFirst().orElseThrow();

    assertThatThrownBy(() -> fuse(SPEC, method, member("a", SPEC, 1), member("wide", mlp(14), 2)))
        .isInstanceOf(InvalidInputException.class)
        .hasMessageContaining("member wide: has 14 units instead of 12 in levels.0.1; " + label)
        .hasMessageContaining("transplant, distill and interpolate by select or kmeans take any")
        .hasMessageNotContaining("member a");
  }

  @ParameterizedTest
  @ValueSource(strings = {"transplant", "interpolate", "distill-epochs2"})
  void fuse_otherWidths_givesTheTargets(String label) {
    FusionMethod method =
        methods().stream().filter(m -> m.label().equals(label)).findFirst().orElseThrow();

    Fused fused = fuse(SPEC, method, member("a", mlp(9), 1), member("wide", mlp(14), 2));

    assertThat(fused.weights().spec()).isEqualTo(SPEC);
  }

  @Test
  void fuse_distillWithoutExamples_saysThatItTrains() {
    assertThatThrownBy(
            () ->
                new Fusion(() -> now)
                    .fuse(
                        SPEC,
                        List.of(member("a", SPEC, 1)),
                        new FusionMethod.Distill(),
                        FusionData.NONE,
                        7,
                        scope,
                        Progress.NONE))
        .isInstanceOf(InvalidInputException.class)
        .hasMessageContaining("needs examples beside the fusion");
  }

  private Fused fuse(NetworkSpec target, FusionMethod method, Member... members) {
    return new Fusion(() -> now += 1_000_000_000L)
        .fuse(target, List.of(members), method, FusionData.of(GLYPHS, 7), 7, scope, Progress.NONE);
  }

  private Member member(String name, NetworkSpec spec, long seed) {
    Network network = random(spec, seed, scope);
    Weights weights = network.weights();
    return new Member(name, spec, weights, Scores.uniform(spec), new ArrayList<>(), "");
  }
}
