package io.neurograft.fusion.screen;

import static io.neurograft.fusion.TestNetworks.lenet5;
import static io.neurograft.fusion.TestNetworks.mlp;
import static io.neurograft.fusion.TestNetworks.resnet18;
import static io.neurograft.fusion.TestNetworks.vgg11;
import static io.neurograft.fusion.TestNetworks.vit;
import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.ndarray.NDManager;
import io.neurograft.neural.attribution.Scores;
import io.neurograft.neural.network.NetworkSpec;
import io.neurograft.neural.network.Weights;
import io.neurograft.neural.tensor.Compute;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import net.jqwik.api.lifecycle.BeforeContainer;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

final class ScreeningPropertyTest {
  private static final List<Long> COUNTS = Collections.nCopies(10, 40L);

  @BeforeAll
  @BeforeContainer
  static void start() {
    Compute.start(1);
  }

  /** A member whose weights have grown, as they do in training. */
  private record Drawn(String name, NetworkSpec spec, long seed, double growth) {
    Portrait portrait() {
      return portrait(weights -> {});
    }

    Portrait portrait(Consumer<Weights> change) {
      return portrait(change, Optional.empty(), Scores.uniform(spec));
    }

    Portrait portrait(Consumer<Weights> change, Optional<long[][]> confusion, Scores scores) {
      try (NDManager scope = Compute.newManager();
          Weights weights = Weights.initialise(spec, seed, scope)) {
        scale(weights, growth);
        change.accept(weights);
        return Portrait.ofMember(name, spec, weights, scores, confusion, COUNTS);
      }
    }
  }

  private static void scale(Weights weights, double factor) {
    weights.all().values().forEach(array -> array.muli(factor));
  }

  /** Members of some widths, whose weights have grown by up to twice as much as others'. */
  private static List<Drawn> cohort(List<Integer> widths, long seed) {
    Random random = new Random(seed);
    List<Drawn> drawn = new ArrayList<>();
    for (int i = 0; i < widths.size(); i++) {
      drawn.add(new Drawn("site-" + i, mlp(widths.get(i)), seed + i, 1 + random.nextDouble()));
    }
    return drawn;
  }

  private static List<Verdict> judge(List<Portrait> members) {
    return Screening.members(members, Limits.DEFAULT);
  }

  private static List<String> leftOut(List<Verdict> verdicts) {
    return verdicts.stream().filter(v -> !v.passed()).map(Verdict::name).toList();
  }

  @Property(tries = 40)
  void members_honestOfAnyWidths_passByTheirNorms(
      @ForAll @Size(min = 2, max = 8) List<@IntRange(min = 8, max = 64) Integer> widths,
      @ForAll long seed) {
    List<Portrait> members = cohort(widths, seed).stream().map(Drawn::portrait).toList();
    assertThat(leftOut(judge(members))).isEmpty();
  }

  @Property(tries = 40)
  void members_oneScaledAHundredTimesOrByAHundredth_isAlwaysFound(
      @ForAll @Size(min = 3, max = 8) List<@IntRange(min = 8, max = 64) Integer> widths,
      @ForAll @IntRange(max = 7) int place,
      @ForAll boolean smaller,
      @ForAll long seed) {
    List<Drawn> drawn = cohort(widths, seed);
    int hostile = place % drawn.size();
    List<Portrait> members =
        drawn.stream()
            .map(m -> m.equals(drawn.get(hostile)) ? scaled(m, smaller ? 0.01 : 100) : m.portrait())
            .toList();
    assertThat(leftOut(judge(members))).containsExactly("site-" + hostile);
  }

  private static Portrait scaled(Drawn member, double factor) {
    return member.portrait(weights -> scale(weights, factor));
  }

  @Property(tries = 40)
  void members_inAnotherOrder_areJudgedTheSame(
      @ForAll @Size(min = 3, max = 8) List<@IntRange(min = 8, max = 32) Integer> widths,
      @ForAll @DoubleRange(min = 0.01, max = 1000) double factor,
      @ForAll long seed) {
    List<Drawn> drawn = cohort(widths, seed);
    Drawn first = drawn.get(0);
    List<Portrait> members = new ArrayList<>(drawn.stream().skip(1).map(Drawn::portrait).toList());
    members.add(scaled(first, factor));
    members.add(new Drawn("copy", first.spec(), first.seed(), first.growth()).portrait());
    members.add(new Drawn("twin", first.spec(), first.seed(), first.growth()).portrait());
    Map<String, Verdict> verdicts = byName(judge(members));
    Collections.shuffle(members, new Random(seed));
    assertThat(byName(judge(members))).isEqualTo(verdicts);
  }

  private static Map<String, Verdict> byName(List<Verdict> verdicts) {
    return verdicts.stream().collect(Collectors.toMap(Verdict::name, Function.identity()));
  }

  @Test
  void members_ofEveryArchitecture_passAndACopyWithNoiseDoesNot() {
    for (NetworkSpec spec :
        List.of(lenet5(4, 8, 32, 16), vgg11(true, 4), resnet18(true, 4), vit(12, 3, 16))) {
      List<Drawn> drawn = Stream.of(1, 2, 3).map(i -> new Drawn("site-" + i, spec, i, 1)).toList();
      List<Portrait> members = new ArrayList<>(drawn.stream().map(Drawn::portrait).toList());
      assertThat(leftOut(judge(members))).isEmpty();

      members.add(
          new Drawn("site-9", spec, 2, 1)
              .portrait(
                  weights -> {
                    try (Weights noise = Weights.initialise(spec, 99, weights.scope())) {
                      weights.all().forEach((name, array) -> array.addi(noise.get(name).muli(0.2)));
                    }
                  }));
      assertThat(leftOut(judge(members))).containsExactly("site-9");
    }
  }

  @Test
  void members_aCopy_theOneStaysWhoseSiteHoldsWhatItKnows() {
    Drawn copy = new Drawn("a-copy", mlp(16), 1, 1);
    Drawn original = new Drawn("original", mlp(16), 1, 1);
    List<Portrait> members =
        List.of(
            copy.portrait(w -> {}, Optional.of(knowing(7)), Scores.uniform(mlp(16))),
            original.portrait(w -> {}, Optional.of(knowing(9)), Scores.uniform(mlp(16))),
            new Drawn("other", mlp(16), 2, 1).portrait());
    assertThat(leftOut(judge(members))).containsExactly("a-copy");
  }

  /** Examples of ten classes, of which so many in ten are taken for what they are. */
  private static long[][] knowing(int right) {
    long[][] counts = new long[10][10];
    for (int c = 0; c < 10; c++) {
      counts[c][c] += right;
      counts[c][(c + 1) % 10] += 10 - right;
    }
    return counts;
  }

  @Test
  void members_oneThatKnowsNothing_isLeftOutWhereOthersHaveLearnt() {
    assertThat(leftOut(judge(knowing(9, 8, 0, 6)))).containsExactly("site-2");
    assertThat(leftOut(judge(knowing(9, 5, 6)))).as("honest, but weak").isEmpty();
    assertThat(leftOut(judge(knowing(1, 0, 1, 2)))).as("nobody has learnt").isEmpty();
  }

  private static List<Portrait> knowing(Integer... right) {
    List<Portrait> members = new ArrayList<>();
    for (int i = 0; i < right.length; i++) {
      members.add(
          new Drawn("site-" + i, mlp(16), i, 1)
              .portrait(w -> {}, Optional.of(knowing(right[i])), Scores.uniform(mlp(16))));
    }
    return members;
  }

  @Test
  void members_scoresAThousandTimesAsLarge_areFound() {
    NetworkSpec spec = mlp(16);
    Scores loud =
        new Scores(
            Scores.uniform(spec).groups().stream()
                .map(group -> group.stream().map(score -> 1000 * score).toList())
                .toList());
    List<Portrait> members =
        new ArrayList<>(cohort(List.of(16, 16), 3).stream().map(Drawn::portrait).toList());
    members.add(new Drawn("loud", spec, 9, 1).portrait(w -> {}, Optional.empty(), loud));
    List<Verdict> verdicts = judge(members);
    assertThat(leftOut(verdicts)).containsExactly("loud");
    assertThat(verdicts.get(2).reason().orElseThrow()).contains("scores of group");
  }

  private static Portrait tuned(
      String name,
      Weights after,
      Weights before,
      Optional<long[][]> confusion,
      Optional<long[][]> confusionBefore) {
    return Portrait.ofTuned(name, after.spec(), after, before, confusion, confusionBefore, COUNTS);
  }

  @Test
  void tuned_aSiteThatMadeTheModelForget_isFoundUnlessTheModelKnewNothing() {
    NetworkSpec spec = mlp(16);
    try (NDManager scope = Compute.newManager();
        Weights before = Weights.initialise(spec, 1, scope);
        Weights after = Weights.initialise(spec, 1, scope)) {
      scale(after, 1.01);
      for (int knew : List.of(9, 1)) {
        List<Portrait> cohort = new ArrayList<>();
        for (int right : List.of(9, 8, 1)) {
          cohort.add(
              tuned(
                  "site-" + right,
                  after,
                  before,
                  Optional.of(knowing(right)),
                  Optional.of(knowing(knew))));
        }
        assertThat(leftOut(Screening.tuned(cohort, Limits.DEFAULT)))
            .isEqualTo(knew == 9 ? List.of("site-1") : List.of());
      }
    }
  }

  @Test
  void tuned_noChangeOfOneLevel_hidesNoneOfAnother() {
    NetworkSpec spec = mlp(16);
    List<Portrait> cohort = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      double first = i == 2 ? 1 : 1.01;
      double second = i == 2 ? 3 : 1.01;
      try (NDManager scope = Compute.newManager();
          Weights before = Weights.initialise(spec, 1, scope);
          Weights after = Weights.initialise(spec, 1, scope)) {
        after
            .all()
            .forEach((name, array) -> array.muli(name.startsWith("levels.0") ? first : second));
        cohort.add(tuned("site-" + i, after, before, Optional.empty(), Optional.empty()));
      }
    }
    assertThat(leftOut(Screening.tuned(cohort, Limits.DEFAULT))).containsExactly("site-2");
  }

  @Test
  void tuned_aChangeAHundredTimesAsLarge_isFoundAndNoChangePasses() {
    NetworkSpec spec = mlp(16);
    List<Portrait> cohort = new ArrayList<>();
    double[] changes = {1.01, 1.02, 2.5, 1};
    for (int i = 0; i < changes.length; i++) {
      try (NDManager scope = Compute.newManager();
          Weights before = Weights.initialise(spec, 1, scope);
          Weights after = Weights.initialise(spec, 1, scope)) {
        scale(after, changes[i]);
        cohort.add(tuned("site-" + i, after, before, Optional.empty(), Optional.empty()));
      }
    }
    assertThat(leftOut(Screening.tuned(cohort, Limits.DEFAULT))).containsExactly("site-2");
  }
}
