package io.neurograft.fusion.interpolate;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.DataType;
import io.neurograft.neural.moments.SecondMoments;
import io.neurograft.neural.network.BatchNorm;
import io.neurograft.neural.network.LayerSpec;
import io.neurograft.neural.network.NetworkSpec;
import io.neurograft.neural.network.Weights;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.List;

/**
 * Fits one level of the fused network to its targets and writes its parameters. Where a BatchNorm
 * follows the affine map, the folded map is fitted; the norm's running statistics are set to those
 * of the map's outputs, which S holds, and its scale and shift so that the level computes the
 * folded map in evaluation.
 */
final class LevelFit {
  private final NetworkSpec spec;
  private final int level;
  private final Weights weights;

  LevelFit(NetworkSpec spec, int level, Weights weights) {
    this.spec = spec;
    this.level = level;
    this.weights = weights;
  }

  /**
   * Fits the level to its targets and writes its parameters.
   *
   * @return the squared error of each unit over all rows
   */
  double[] fit(SecondMoments moments, double ridge) {
    try (NDManager scope = weights.scope().newSubManager()) {
      NDArray s = moments.inputs(scope);
      NDArray w = LeastSquares.solve(s.duplicate(), moments.cross(), ridge); // (p+1 x n)
      write(s, w, moments.rows());
      return LeastSquares.errors(s, moments.cross(), w, moments.targets().diagonal());
    }
  }

  /**
   * Fits the last level and writes its parameters. Labels are no logits: what is fitted to them is
   * scaled until it spreads over the classes as the mean of the members' logits does. That changes
   * no decision, but a loss and a gradient are then what they are for a trained network.
   *
   * @param moments with two targets for each class: its label, and the mean of the members' logits
   * @return the squared error of each class over all rows, before scaling
   */
  double[] fitHead(SecondMoments moments, Head head, double ridge) {
    int classes = spec.classes();
    int from = head == Head.LABELS ? 0 : classes;
    try (NDManager scope = weights.scope().newSubManager()) {
      NDArray s = moments.inputs(scope);
      NDArray c = moments.cross().get(new NDIndex(":, {}:{}", from, from + classes));
      c.attach(scope);
      NDArray w = LeastSquares.solve(s.duplicate(), c, ridge); // (p+1 x classes)
      double[] lengths = moments.targets().diagonal();
      double[] errors =
          LeastSquares.errors(s, c, w, Arrays.copyOfRange(lengths, from, from + classes));
      if (head == Head.LABELS) {
        NDArray own = w.transpose().matMul(s.matMul(w));
        NDArray members =
            moments.targets().matrix(scope).get(new NDIndex("{}:, {}:", classes, classes));
        w = w.mul(ratio(spread(members), spread(own)));
      }
      write(s, w, moments.rows());
      return errors;
    }
  }

  /** How far logits lie from their mean over the classes, squared and summed over rows. */
  private static double spread(NDArray gram) {
    double[] g = gram.toDoubleArray();
    int classes = (int) gram.getShape().get(0);
    double trace = 0;
    for (int c = 0; c < classes; c++) {
      trace += g[c * classes + c];
    }
    return trace - Arrays.stream(g).sum() / classes;
  }

  private static double ratio(double wanted, double found) {
    return wanted > 0 && found > 0 ? Math.sqrt(wanted / found) : 1;
  }

  private void write(NDArray s, NDArray w, long rows) {
    long columns = w.getShape().get(0) - 1;
    int affine = spec.affineLayer(level);
    NDArray map = w.get(new NDIndex("0:{}", columns)); // (p x n)
    double[] bias = w.get(columns).toDoubleArray();
    put(affine, "weight", map.transpose().toType(DataType.FLOAT32, true).toFloatArray());
    List<LayerSpec> layers = spec.levels().get(level);
    if (layers.get(layers.size() - 1) instanceof BatchNorm) {
      writeNorm(s, map, bias, rows, affine);
    } else {
      put(affine, "bias", floats(bias));
    }
  }

  private void writeNorm(NDArray s, NDArray map, double[] bias, long rows, int affine) {
    long columns = map.getShape().get(0);
    NDArray square = s.get(new NDIndex("0:{}, 0:{}", columns, columns));
    NDArray sums = s.get(new NDIndex("{}, 0:{}", columns, columns)).reshape(1, columns);
    double[] mean = sums.matMul(map).div(rows).toDoubleArray();
    double[] squares = square.matMul(map).mul(map).sum(new int[] {0}).div(rows).toDoubleArray();
    double[] variance = new double[mean.length];
    double[] scale = new double[mean.length];
    double[] shift = new double[mean.length];
    for (int unit = 0; unit < mean.length; unit++) {
      variance[unit] = Math.max(0, squares[unit] - mean[unit] * mean[unit]);
      scale[unit] = Math.sqrt(variance[unit] + BatchNorm.EPSILON);
      shift[unit] = bias[unit] + mean[unit];
    }
    put(affine, "bias", new float[bias.length]);
    put(affine + 1, "weight", floats(scale));
    put(affine + 1, "bias", floats(shift));
    put(affine + 1, "running_mean", floats(mean));
    put(affine + 1, "running_var", floats(variance));
  }

  private void put(int layer, String name, float[] values) {
    weights
        .get(NetworkSpec.prefix(level, layer) + name)
        .toByteBuffer(true)
        .order(ByteOrder.nativeOrder())
        .asFloatBuffer()
        .put(values);
  }

  private static float[] floats(double[] values) {
    float[] floats = new float[values.length];
    for (int i = 0; i < values.length; i++) {
      floats[i] = (float) values[i];
    }
    return floats;
  }
}
