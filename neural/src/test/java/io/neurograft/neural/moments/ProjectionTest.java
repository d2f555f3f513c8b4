package io.neurograft.neural.moments;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import io.neurograft.neural.network.NetworkSpec;
import io.neurograft.neural.network.Weights;
import io.neurograft.neural.tensor.Compute;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ProjectionTest {
  private static final NetworkSpec RESNET =
      NetworkSpec.parse(
          "{family: resnet18, widths: [6, 9], blocks: 1, classes: 10, input: {shape: [3, 16, 16]}}",
          "test");
  private static final NetworkSpec VIT =
      NetworkSpec.parse(
          "{family: vit, width: 16, heads: 2, mlp: 6, depth: 1, classes: 10, input: {shape: [3, 16, 16]}}",
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

  /** More columns than weights, as many, fewer. */
  @ParameterizedTest
  @ValueSource(ints = {40, 15, 5, 2})
  void apply_inputs_timesTheSolutionAreTheLiftedWeightsOutputs(int columns) {
    for (FitStep step : List.of(join(), heads())) {
      Projection projection = of(step, columns, 3);
      NDArray x = random(30, AffineRows.columns(step));
      NDArray w = random(projection.columns(), 4);

      NDArray lifted = lift(projection, step, w);

      assertThat(lifted.getShape()).isEqualTo(new Shape(AffineRows.columns(step), 4));
      assertThat(largest(projection.apply(x).matMul(w).sub(x.matMul(lifted)))).isLessThan(1e-10);
      NDArray single = projection.apply(x.toType(DataType.FLOAT32, false));
      assertThat(single.getDataType()).isEqualTo(DataType.FLOAT32);
      assertThat(largest(single.toType(DataType.FLOAT64, false).sub(projection.apply(x))))
          .isLessThan(1e-4);
    }
  }

  /** A fit to what these weights make finds them, however little else is left. */
  @Test
  void apply_roomForTheExpectedWeights_keepsWhatTheyMakeOfTheInputs() {
    FitStep step = join();
    Projection projection = of(step, 20, 3);
    for (int part = 0; part < step.maps().size(); part++) {
      AffineMap map = step.maps().get(part);
      NDArray expected =
          map.solution(weights(RESNET).get(map.name() + ".weight").toType(DataType.FLOAT64, true));
      NDArray basis =
          projection.lift(
              part, scope.eye(projection.columns(part)).toType(DataType.FLOAT64, false));
      assertThat(distance(basis, expected)).isLessThan(1e-9);
    }
  }

  @Test
  void of_sameSeed_isTheSame() {
    NDArray x = random(30, AffineRows.columns(join()));
    assertThat(of(join(), 30, 3).apply(x)).isEqualTo(of(join(), 30, 3).apply(x));
    assertThat(of(join(), 30, 3).apply(x)).isNotEqualTo(of(join(), 30, 4).apply(x));
  }

  @Test
  void of_stepThatFits_isEmpty() {
    FitStep first = FitSteps.of(RESNET).get(0);
    assertThat(Projection.of(first, new LevelBudget(1000), weights(RESNET), 3, scope)).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({"12, 12", "12, 5", "100, 7", "5, 1"})
  void sparseSigns_columns_areOrthonormal(int from, int to) {
    SparseSigns signs = new SparseSigns(from, to, 9, scope);
    NDArray p = signs.apply(eye(from));
    assertThat(largest(p.transpose().matMul(p).sub(eye(to)))).isLessThan(1e-12);
    assertThat(p.neq(0).sum(new int[] {1}).toType(DataType.INT64, false).toLongArray())
        .containsOnly(1);
    assertThat(largest(signs.lift(eye(to)).sub(p))).isZero();
  }

  private static FitStep join() {
    return FitSteps.of(RESNET).stream()
        .filter(step -> step.maps().size() == 2)
        .findFirst()
        .orElseThrow();
  }

  private static FitStep heads() {
    return FitSteps.of(VIT).stream()
        .filter(step -> step.kind() == FitStep.Kind.HEADS)
        .findFirst()
        .orElseThrow();
  }

  private Projection of(FitStep step, int columns, long seed) {
    int most = Math.min(columns, AffineRows.columns(step) - 1);
    NetworkSpec spec = step.kind() == FitStep.Kind.HEADS ? VIT : RESNET;
    LevelBudget budget = new LevelBudget(most * (most + 1L) / 2);
    Projection projection = Projection.of(step, budget, weights(spec), seed, scope).orElseThrow();
    assertThat(projection.columns()).isEqualTo(most);
    return projection;
  }

  private Weights weights(NetworkSpec spec) {
    return Weights.initialise(spec, 7, scope);
  }

  private static NDArray lift(Projection projection, FitStep step, NDArray w) {
    if (step.kind() == FitStep.Kind.HEADS) {
      return projection.lift(0, w);
    }
    int first = projection.columns(0);
    return projection
        .lift(0, w.get(new NDIndex("0:{}", first)))
        .concat(projection.lift(1, w.get(new NDIndex("{}:", first))), 0);
  }

  /** How far columns lie from the space that others span. */
  private double distance(NDArray basis, NDArray columns) {
    NDArray inner = basis.transpose().matMul(basis).inverse();
    NDArray within = basis.matMul(inner.matMul(basis.transpose().matMul(columns)));
    return largest(columns.sub(within));
  }

  private NDArray eye(int size) {
    return scope.eye(size).toType(DataType.FLOAT64, false);
  }

  private static double largest(NDArray array) {
    return array.abs().max().getDouble();
  }

  private NDArray random(int rows, int columns) {
    Random random = new Random(rows * 31L + columns);
    double[] values = new double[rows * columns];
    for (int i = 0; i < values.length; i++) {
      values[i] = random.nextGaussian();
    }
    return scope.create(values, new Shape(rows, columns));
  }
}
