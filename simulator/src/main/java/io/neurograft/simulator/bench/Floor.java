package io.neurograft.simulator.bench;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import io.neurograft.fusion.interpolate.StepReport;
import io.neurograft.neural.network.Network;
import io.neurograft.neural.network.Pass;
import java.util.List;

/**
 * The operations that an interpolation cannot do without: one forward pass of each member and of
 * the fused network over all examples, and the three moment products of each step, of which the two
 * symmetric ones need one triangle; a refinement applies the step to its rows and takes one of the
 * products again. A multiplication and an addition count as two operations.
 */
final class Floor {
  private static final int SIDE = 2048;
  private static final int REPEATS = 5;

  private Floor() {}

  /**
   * Counts the operations.
   *
   * @param members networks of the fused network's chain
   * @param steps what the fusion reported
   */
  static double operations(
      List<Network> members, Network fused, int images, List<StepReport> steps) {
    double forward = perExample(fused);
    for (Network member : members) {
      forward += perExample(member);
    }
    double products = 0;
    for (StepReport step : steps) {
      double columns = step.columns();
      double all =
          members.stream().mapToDouble(m -> m.spec().groups().get(step.group()).units()).sum();
      double cross = 2 * columns * step.units() * (1 + 2 * step.refinements());
      products += step.rows() * (columns * columns + cross + all * all);
    }
    return forward * images + products;
  }

  /** Operations of one example's forward pass: every weight is used once at every position. */
  private static double perExample(Network network) {
    double[] sum = {0};
    try (NDManager scope = network.weights().scope().newSubManager()) {
      NDArray x = scope.zeros(new Shape(1).addAll(network.spec().input().toShape()));
      Pass counting =
          Pass.EVALUATION.tapping(
              (place, output) -> {
                NDArray weight = network.weights().all().get(place + ".weight");
                if (weight != null && weight.getShape().dimension() > 1) {
                  double positions = (double) output.size() / weight.getShape().get(0);
                  sum[0] += 2.0 * weight.size() * positions;
                }
                return output;
              });
      network.forward(x, 0, network.spec().levelCount(), counting);
    }
    return sum[0];
  }

  /** The engine's rate in operations a second: the best of several single precision products. */
  static double rate(NDManager parent) {
    double best = 0;
    try (NDManager scope = parent.newSubManager()) {
      NDArray a = scope.randomUniform(-1, 1, new Shape(SIDE, SIDE));
      for (int i = 0; i < REPEATS; i++) {
        long start = System.nanoTime();
        try (NDArray product = a.matMul(a)) {
          product.get(0, 0).getFloat(); // waits for the result
          double seconds = (System.nanoTime() - start) / 1e9;
          best = Math.max(best, 2.0 * SIDE * SIDE * SIDE / seconds);
        }
      }
    }
    return best;
  }
}
