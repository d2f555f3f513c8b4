package io.neurograft.neural.exchange;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.ndarray.NDManager;
import io.neurograft.neural.collection.Clip;
import io.neurograft.neural.collection.Clusters;
import io.neurograft.neural.collection.Grams;
import io.neurograft.neural.collection.MomentShapes;
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
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What differential privacy stands on: one example moves an answer by no more than is said. */
class SensitivityTest {
  private static final Dataset DIGITS = DataUri.open("glyphs?train=60&test=10", Split.TRAIN);
  private static final NetworkSpec SPEC =
      NetworkSpec.parse(
          "{input: {shape: [1, 28, 28]}, levels: ["
              + "[{conv: {out: 3, kernel: 5, stride: 2}}],"
              + "[relu, flatten, {linear: 6}],"
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

  /** Tight norms shorten all rows, wide ones none; a tight budget projects them first. */
  @ParameterizedTest
  @CsvSource({"0.3, 100000", "2, 100000", "1000, 100000", "2, 200", "1000, 200"})
  void answer_oneExampleReplaced_movesByNoMoreThanTheSensitivity(double norm, long budget) {
    List<Network> members =
        List.of(
            new Network(SPEC, Weights.initialise(SPEC, 1, scope)),
            new Network(SPEC, Weights.initialise(SPEC, 2, scope)));
    Plan plan =
        new Plan(
            Plan.Precision.FLOAT64,
            new Grams(true, true),
            new RowSampling(1, 1),
            20,
            5,
            new LevelBudget(budget));
    int[] clusters = IntStream.range(0, 12).map(unit -> unit % 6).toArray();
    Clusters pairs = Clusters.of(clusters, constant(12, 0.5), 6);
    int[] classes = IntStream.range(0, 20).map(unit -> unit % 10).toArray();
    List<Question> questions =
        List.of(
            Question.grams(plan),
            Question.of(Question.Kind.STEP, 1, pairs, plan),
            Question.of(Question.Kind.REFINEMENT, 1, pairs, plan),
            Question.of(Question.Kind.HEAD, 2, Clusters.of(classes, constant(20, 0.5), 10), plan));
    int[] all = IntStream.range(0, 20).toArray();
    for (int other = 20; other < 60; other += 13) {
      int[] neighbour = all.clone();
      neighbour[7] = other;
      try (SiteMoments one = site(members, plan, norm, DIGITS.subset(all));
          SiteMoments two = site(members, plan, norm, DIGITS.subset(neighbour))) {
        for (Question question : questions) {
          double moved = distance(answer(one, question), answer(two, question));
          assertThat(moved).as(question.toString()).isPositive();
          assertThat(moved)
              .as(question + ", norm " + norm)
              .isLessThanOrEqualTo(one.sensitivity(question) * (1 + 1e-9));
        }
      }
    }
  }

  private SiteMoments site(List<Network> members, Plan plan, double norm, Dataset data) {
    return new SiteMoments(SPEC, members, plan, Optional.of(new Clip(norm)), data, 1 << 20, scope);
  }

  private static List<Double> answer(SiteMoments site, Question question) {
    List<Double> numbers = new ArrayList<>();
    NumberSink sink =
        (values, from, count) -> {
          for (int i = from; i < from + count; i++) {
            numbers.add(values[i]);
          }
        };
    site.answer(question, sink);
    assertThat(numbers)
        .hasSize((int) question.numbers(new MomentShapes(SPEC, List.of(SPEC, SPEC))));
    return numbers;
  }

  private static double distance(List<Double> a, List<Double> b) {
    double squares = 0;
    for (int i = 0; i < a.size(); i++) {
      squares += (a.get(i) - b.get(i)) * (a.get(i) - b.get(i));
    }
    return Math.sqrt(squares);
  }

  private static double[] constant(int size, double value) {
    return IntStream.range(0, size).mapToDouble(i -> value).toArray();
  }
}
