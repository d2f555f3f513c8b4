package io.neurograft.neural.exchange;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDManager;
import io.neurograft.neural.collection.ClassWeights;
import io.neurograft.neural.collection.Clip;
import io.neurograft.neural.collection.Clusters;
import io.neurograft.neural.collection.Grams;
import io.neurograft.neural.data.DataUri;
import io.neurograft.neural.data.Dataset;
import io.neurograft.neural.data.Split;
import io.neurograft.neural.moments.LevelBudget;
import io.neurograft.neural.moments.NumberSink;
import io.neurograft.neural.moments.RowSampling;
import io.neurograft.neural.network.Network;
import io.neurograft.neural.network.NetworkSpec;
import io.neurograft.neural.network.Weights;
import io.neurograft.neural.tensor.Compute;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What weights of classes mean. */
class WeightedHeadTest {
  private static final Dataset DIGITS = DataUri.open("glyphs?train=60&test=10", Split.TRAIN);
  private static final NetworkSpec SPEC =
      NetworkSpec.parse(
          "{input: {shape: [1, 28, 28]}, levels: [[flatten, {linear: 6}], [relu, {linear: 10}]]}",
          "test");
  private static final List<Double> WEIGHTS =
      List.of(1.0, 3.0, 1.0, 2.0, 0.0, 1.0, 4.0, 1.0, 1.0, 2.0);

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

  @Test
  void answer_weightedClasses_areRepeatedExamples() {
    int[] repeated =
        IntStream.range(0, DIGITS.size())
            .flatMap(
                i -> IntStream.generate(() -> i).limit(WEIGHTS.get(DIGITS.label(i)).longValue()))
            .toArray();
    assertThat(repeated.length).isNotEqualTo(DIGITS.size());
    List<Double> weighted = answer(DIGITS, new ClassWeights(WEIGHTS), Optional.empty());
    List<Double> expected = answer(DIGITS.subset(repeated), ClassWeights.NONE, Optional.empty());
    assertThat(weighted).hasSameSizeAs(expected);
    for (int i = 0; i < weighted.size(); i++) {
      assertThat(weighted.get(i)).isCloseTo(expected.get(i), within(1e-9));
    }
  }

  /** However much a class counts, an example adds no more than its share of the noise hides. */
  @Test
  void answer_weightedClassesThatAreClipped_addNoMoreThanOthers() {
    List<Double> heavy = new ArrayList<>(WEIGHTS);
    heavy.replaceAll(weight -> 1e6 * weight);
    Optional<Clip> clip = Optional.of(new Clip(0.5));
    List<Double> one = answer(DIGITS.subset(new int[] {1}), new ClassWeights(heavy), clip);
    List<Double> none = answer(DIGITS.subset(new int[] {1}), ClassWeights.NONE, clip);
    assertThat(one)
        .isEqualTo(none)
        .isNotEqualTo(answer(DIGITS.subset(new int[] {2}), ClassWeights.NONE, clip));
  }

  @Test
  void balanced_counts_areAllTheSameInTheEnd() {
    ClassWeights weights = ClassWeights.balanced(new long[] {5, 0, 20, 75});
    assertThat(weights.weights().get(1)).isZero();
    assertThat(5 * weights.weights().get(0)).isCloseTo(100 / 3.0, within(1e-12));
    assertThat(20 * weights.weights().get(2)).isCloseTo(100 / 3.0, within(1e-12));
    assertThat(75 * weights.weights().get(3)).isCloseTo(100 / 3.0, within(1e-12));
  }

  /** All numbers but the counts of rows. */
  private List<Double> answer(Dataset data, ClassWeights weights, Optional<Clip> clip) {
    List<Network> members =
        List.of(
            new Network(SPEC, Weights.initialise(SPEC, 1, scope)),
            new Network(SPEC, Weights.initialise(SPEC, 2, scope)));
    Plan plan =
        new Plan(
            Plan.Precision.FLOAT64,
            new Grams(true, true),
            new RowSampling(1, 1),
            60,
            5,
            LevelBudget.NONE);
    Clusters classes = Clusters.singletons(IntStream.range(0, 10).toArray(), 20);
    Question question = Question.of(Question.Kind.HEAD, 1, classes, plan).weighted(weights);
    List<Double> numbers = new ArrayList<>();
    NumberSink sink =
        new NumberSink() {
          @Override
          public void put(double[] values, int from, int count) {
            Arrays.stream(values, from, from + count).forEach(numbers::add);
          }

          @Override
          public void putCount(long count) {}
        };
    try (SiteMoments site = new SiteMoments(SPEC, members, plan, clip, data, 1 << 20, scope)) {
      site.answer(question, sink);
    }
    return numbers;
  }
}
