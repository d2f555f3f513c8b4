package io.neurograft.fusion;

import static io.neurograft.fusion.TestNetworks.random;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDManager;
import io.neurograft.fusion.baseline.Alignment;
import io.neurograft.fusion.interpolate.Fit;
import io.neurograft.fusion.interpolate.Grouping;
import io.neurograft.fusion.interpolate.Head;
import io.neurograft.fusion.interpolate.Ridge;
import io.neurograft.fusion.origin.GroupOrigin;
import io.neurograft.fusion.origin.Source;
import io.neurograft.fusion.transplant.Duplicates;
import io.neurograft.fusion.transplant.Order;
import io.neurograft.fusion.transplant.Ranking;
import io.neurograft.fusion.transplant.Variant;
import io.neurograft.neural.Progress;
import io.neurograft.neural.attribution.Scores;
import io.neurograft.neural.data.Dataset;
import io.neurograft.neural.network.Network;
import io.neurograft.neural.network.NetworkSpec;
import io.neurograft.neural.network.UnitGroup;
import io.neurograft.neural.network.Weights;
import io.neurograft.neural.tensor.Compute;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** What a report says of a fused unit is what its weights are made of. */
class OriginsTest {
  private static final FusionMethod SELECT = interpolate(Grouping.SELECT, Head.LABELS);

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

  static Stream<FusionMethod> anyWidths() {
    Stream<FusionMethod> transplants =
        Stream.of(Order.values())
            .flatMap(
                order ->
                    Stream.of(Variant.values())
                        .map(
                            variant ->
                                new FusionMethod.Transplant(
                                    Ranking.MAGNITUDE, variant, order, Duplicates.MERGE, 1)));
    return Stream.concat(transplants, Stream.of(SELECT, interpolate(Grouping.KMEANS, Head.MEAN)));
  }

  static Stream<FusionMethod> equalWidths() {
    return Stream.of(
        new FusionMethod.Average(),
        new FusionMethod.Ot(Alignment.WEIGHT),
        new FusionMethod.Ot(Alignment.ACTIVATION),
        new FusionMethod.Rebasin(),
        interpolate(Grouping.HUNGARIAN, Head.SHARE));
  }

  static Stream<FusionMethod> untrained() {
    return Stream.concat(anyWidths(), equalWidths()).filter(method -> !method.needsExamples());
  }

  @ParameterizedTest
  @MethodSource({"anyWidths", "equalWidths"})
  void fuse_anyMethod_weightsOfEveryUnitAndSharesOfEveryGroupSumToOne(FusionMethod method) {
    boolean equal = method.needsEqualWidths();
    NetworkSpec target = mlp(7, 5);
    List<Member> members =
        List.of(
            member(equal ? target : mlp(6, 4), 1),
            member(equal ? target : mlp(9, 7), 2),
            member(target, 3));

    List<GroupOrigin> origins = fuse(target, method, members).report().origins();

    assertThat(origins)
        .extracting(GroupOrigin::name)
        .containsExactlyElementsOf(target.groups().stream().map(UnitGroup::name).toList());
    for (GroupOrigin origin : origins) {
      assertThat(origin.units()).hasSize(target.groups().get(origin.group()).units());
      boolean labels = method.equals(SELECT) && origin.group() == 2;
      assertThat(origin.note()).isEqualTo(labels ? "labels" : "");
      assertThat(origin.shares()).hasSize(3);
      assertThat(sum(origin.shares())).isCloseTo(labels ? 0 : 1, within(1e-5));
      for (List<Source> sources : origin.units()) {
        assertThat(sum(sources.stream().map(Source::weight).toList()))
            .isCloseTo(labels ? 0 : 1, within(1e-5));
        for (Source source : sources) {
          NetworkSpec own = members.get(source.member()).network();
          assertThat(source.unit()).isBetween(0, own.groups().get(origin.group()).units() - 1);
        }
      }
    }
  }

  /** The first level reads the input, so its weights are those of its sources, by their weight. */
  @ParameterizedTest
  @MethodSource("untrained")
  void fuse_anyMethodThatDoesNotTrain_firstUnitsAreTheMeansOfTheirSources(FusionMethod method) {
    boolean equal = method.needsEqualWidths();
    NetworkSpec target = mlp(7, 5);
    List<Member> members =
        List.of(member(equal ? target : mlp(6, 4), 1), member(target, 2), member(target, 3));

    assertFirstUnits(members, fuse(target, method, members));
  }

  /** Each class is a mean of the members' same class, where nothing is fitted. */
  @ParameterizedTest
  @EnumSource(Order.class)
  void fuse_transplant_classesAreMadeByShare(Order order) {
    NetworkSpec target = mlp(7, 5);
    List<Member> members = List.of(member(mlp(6, 4), 1), member(target, 2), member(target, 3));
    FusionMethod method =
        new FusionMethod.Transplant(
            Ranking.MAGNITUDE, Variant.MERGE_PRUNE, order, Duplicates.MERGE, 1);

    Fused fused = fuse(target, method, members);

    GroupOrigin classes = fused.report().origins().get(2);
    assertThat(classes.shares()).containsExactly(0.285714, 0.357143, 0.357143);
    assertRows(members, fused, classes, "levels.2.1.bias");
    for (int c = 0; c < 10; c++) {
      int same = c;
      assertThat(classes.units().get(c)).allMatch(source -> source.unit() == same);
    }
  }

  @ParameterizedTest
  @EnumSource(Order.class)
  void fuse_transplant_everyKeptUnitIsOneUnitOfAMember(Order order) {
    NetworkSpec target = mlp(7, 5);
    List<Member> members = List.of(member(target, 1), member(target, 2), member(target, 3));
    FusionMethod method =
        new FusionMethod.Transplant(
            Ranking.MAGNITUDE, Variant.MERGE_PRUNE, order, Duplicates.MERGE, 1);

    assertSingle(fuse(target, method, members).report().origins().subList(0, 2));
  }

  @Test
  void fuse_selection_everyUnitIsOneUnitOfAMember() {
    NetworkSpec target = mlp(7, 5);
    List<Member> members = List.of(member(target, 1), member(target, 2));

    assertSingle(fuse(target, SELECT, members).report().origins().subList(0, 2));
  }

  @Test
  void fuse_oneMemberOfNothing_everyUnitIsTheOthers() {
    NetworkSpec target = mlp(7, 5);
    Member weak = member(target, 1);
    weak.weights().all().values().forEach(w -> w.muli(1e-4));
    List<Member> members = List.of(weak, member(target, 2));

    List<GroupOrigin> origins =
        fuse(target, new FusionMethod.Transplant(), members).report().origins();

    assertThat(origins.get(0).shares()).containsExactly(0.0, 1.0);
    assertThat(origins.get(0).units())
        .extracting(sources -> sources.get(0).unit())
        .containsExactly(0, 1, 2, 3, 4, 5, 6);
    assertThat(origins.get(2).shares()).containsExactly(0.5, 0.5);
  }

  @Test
  void fuse_nearDuplicates_unitsAreMadeOfBoth() {
    NetworkSpec target = mlp(7, 5);
    Member stranger = member(target, 1);
    Member first = member(target, 2);
    Weights copy = first.weights().copy(scope);
    copy.all().values().forEach(w -> w.muli(1.01f));
    Member second = new Member("copy", target, copy, first.scores(), List.of(), "");
    List<Member> members = List.of(stranger, first, second);

    Fused fused = fuse(target, new FusionMethod.Transplant(), members);

    GroupOrigin level = fused.report().origins().get(0);
    assertThat(level.units())
        .anySatisfy(
            sources -> {
              assertThat(sources).extracting(Source::member).containsExactly(1, 2);
              assertThat(sources).extracting(Source::weight).containsExactly(0.5, 0.5);
              assertThat(sources.get(0).unit()).isEqualTo(sources.get(1).unit());
            });
    assertFirstUnits(members, fused);
  }

  @Test
  void fuse_distill_saysNothingOfUnits() {
    NetworkSpec target = mlp(7, 5);

    Fused fused = fuse(target, new FusionMethod.Distill(1, 2), List.of(member(target, 1)));

    assertThat(fused.report().origins()).isEmpty();
  }

  private static void assertSingle(List<GroupOrigin> origins) {
    for (GroupOrigin origin : origins) {
      assertThat(origin.units())
          .allSatisfy(
              sources -> assertThat(sources).extracting(Source::weight).containsExactly(1.0));
      assertThat(origin.units()).doesNotHaveDuplicates();
    }
  }

  private static void assertFirstUnits(List<Member> members, Fused fused) {
    GroupOrigin level = fused.report().origins().get(0);
    assertRows(members, fused, level, "levels.0.1.weight");
    assertRows(members, fused, level, "levels.0.1.bias");
  }

  /** Every unit's row of a parameter is the mean of its sources' rows, by their weights. */
  private static void assertRows(
      List<Member> members, Fused fused, GroupOrigin origin, String parameter) {
    float[] found = fused.weights().get(parameter).toFloatArray();
    List<float[]> given =
        members.stream().map(m -> m.weights().get(parameter).toFloatArray()).toList();
    int width = found.length / origin.units().size();
    for (int i = 0; i < found.length; i++) {
      double expected = 0;
      for (Source source : origin.units().get(i / width)) {
        int at = source.unit() * width + i % width;
        expected += source.weight() * given.get(source.member())[at];
      }
      assertThat((double) found[i]).isCloseTo(expected, within(2e-4));
    }
  }

  private static double sum(List<Double> values) {
    return values.stream().mapToDouble(Double::doubleValue).sum();
  }

  /** Without refinements, which free targets where they are hidden. */
  private static FusionMethod interpolate(Grouping grouping, Head head) {
    return new FusionMethod.Interpolate(grouping, head, Ridge.of(1e-9), 0, Fit.LEAST_SQUARES);
  }

  private static NetworkSpec mlp(int... widths) {
    return NetworkSpec.parse(
        "{family: mlp, widths: [%d, %d], classes: 10, input: {shape: [1, 4, 4]}}"
            .formatted(widths[0], widths[1]),
        "test");
  }

  private Member member(NetworkSpec spec, long seed) {
    Network network = random(spec, seed, scope);
    Random random = new Random(seed);
    List<List<Float>> scores = new ArrayList<>();
    for (UnitGroup group : spec.groups()) {
      scores.add(random.doubles(group.units(), 0.5, 2).mapToObj(s -> (float) s).toList());
    }
    List<Long> counts = random.longs(10, 1, 9).boxed().toList();
    return new Member("m" + seed, spec, network.weights(), new Scores(scores), counts, "");
  }

  private Fused fuse(NetworkSpec target, FusionMethod method, List<Member> members) {
    return new Fusion(() -> 0)
        .fuse(target, members, method, FusionData.of(new Noise(), 7), 7, scope, Progress.NONE);
  }

  /** More small random images than they have pixels. */
  private record Noise() implements Dataset {
    @Override
    public List<Integer> shape() {
      return List.of(1, 4, 4);
    }

    @Override
    public int size() {
      return 80;
    }

    @Override
    public List<String> classNames() {
      return Collections.nCopies(10, "noise");
    }

    @Override
    public int label(int index) {
      return index % 10;
    }

    @Override
    public void read(int index, float[] target, int offset) {
      Random random = new Random(0x9E3779B97F4A7C15L * (index + 1)); // near seeds start alike
      for (int i = 0; i < exampleSize(); i++) {
        target[offset + i] = random.nextFloat();
      }
    }
  }
}
