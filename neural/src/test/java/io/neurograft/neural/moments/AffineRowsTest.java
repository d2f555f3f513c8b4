package io.neurograft.neural.moments;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.Shape;
import io.neurograft.neural.network.Network;
import io.neurograft.neural.network.NetworkSpec;
import io.neurograft.neural.network.Weights;
import io.neurograft.neural.tensor.Compute;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AffineRowsTest {
  private static final NetworkSpec SPEC =
      NetworkSpec.parse(
          "{input: {shape: [2, 9, 9]}, levels: [[{conv: {out: 5, kernel: 3, padding: 1}}],"
              + " [relu, {maxpool: 2}, {conv: {out: 4, kernel: 3, stride: 2, padding: 1}}],"
              + " [relu, flatten, {linear: 3}]]}",
          "test");
  private static final int EXAMPLES = 12;

  private NDManager scope;
  private Network network;
  private NDArray x;

  @BeforeEach
  void open() {
    Compute.start(1);
    scope = Compute.newManager();
    network = new Network(SPEC, Weights.initialise(SPEC, 3, scope));
    float[] values = new float[EXAMPLES * 2 * 81];
    Random random = new Random(1);
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) random.nextGaussian();
    }
    x = scope.create(values, new Shape(EXAMPLES, 2, 9, 9));
  }

  @AfterEach
  void close() {
    scope.close();
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2})
  void inputs_timesTheWeights_areTheOutputs(int level) {
    for (int perColumn : new int[] {1, 1000}) {
      AffineRows rows = rows(level, perColumn);
      Optional<NDArray> index = rows.index(EXAMPLES, b -> b, scope);
      Map<Integer, NDArray> values = FitStepsTest.run(FitSteps.of(SPEC), network, x);
      String prefix = FitSteps.of(SPEC).get(level).maps().get(0).name();
      NDArray weight = network.weights().get(prefix + ".weight");
      // A row is ordered by row, column and channel, a weight by channel, row and column.
      NDArray turned = weight.getShape().dimension() == 4 ? weight.transpose(0, 2, 3, 1) : weight;
      NDArray w = turned.reshape(weight.getShape().get(0), rows.columns());

      NDArray inputs = rows.inputs(values::get, index);
      NDArray outputs = rows.outputs(network.forward(x, 0, level + 1), index);

      NDArray expected = inputs.matMul(w.transpose()).add(network.weights().get(prefix + ".bias"));
      assertThat(outputs.getShape().get(0)).isEqualTo((long) EXAMPLES * rows.perExample());
      assertThat(outputs.sub(expected).abs().max().getFloat()).isLessThan(1e-5f);
      NDArray back = FitSteps.of(SPEC).get(level).maps().get(0).weight(w.transpose());
      assertThat(back.reshape(weight.getShape())).isEqualTo(weight);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1})
  void index_examplesInOtherBatches_takesTheSameRows(int level) {
    AffineRows rows = rows(level, 1);
    assertThat(rows.perExample()).isGreaterThan(1);
    NDArray before = network.forward(x, 0, level);
    NDArray output = network.forward(before, level, level + 1);

    NDArray whole = rows.outputs(output, rows.index(EXAMPLES, b -> 100 + b, scope));
    NDArray last = rows.outputs(output.get(new NDIndex("7:")), rows.index(5, b -> 107 + b, scope));

    assertThat(whole.get(new NDIndex("{}:", 7L * rows.perExample()))).isEqualTo(last);
  }

  private static AffineRows rows(int level, int perColumn) {
    return new AffineRows(FitSteps.of(SPEC).get(level), 0, EXAMPLES, new RowSampling(9, perColumn));
  }
}
