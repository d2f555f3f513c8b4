package io.neurograft.neural.attribution;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import io.neurograft.neural.data.Batch;
import io.neurograft.neural.network.Network;
import io.neurograft.neural.network.Pass;
import io.neurograft.neural.tensor.Operators;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.DoubleStream;

/**
 * Conductance: integrated gradients, seen at the units (design: fusion, section 3).
 *
 * <p>The path is walked by the trapezoidal rule over the Gauss-Legendre nodes and the example
 * itself. NI's code leaves out both ends of it, up to the first node and from the last one on, and
 * its scores are 2 to 3 % smaller for that. Up to ten steps the start is left out here too, which
 * agrees with those scores to 1 %; with more steps the walk begins at the baseline, and 50 are
 * complete to 1e-3.
 */
final class Conductance {
  /** The most steps of a walk that leaves out its start. */
  private static final int COARSE = 10;

  private Conductance() {}

  /**
   * The conductance of the units for a batch: the gradient of the logit along the straight path
   * from the zero baseline, times the change of the output along it. Runs the network forward and
   * backward once at each point of the {@link #path}: 11 times with 10 steps.
   *
   * @return by the names of the places, arrays of the shapes there
   */
  static Map<String, NDArray> of(Network network, Batch batch, int steps) {
    NDManager scope = batch.scope();
    NDArray own = batch.labels().oneHot(network.spec().classes(), DataType.FLOAT32);
    List<NDArray> sums = new ArrayList<>();
    NDManager beforeScope = scope.newSubManager();
    List<PlaceGradient> before = List.of();
    for (double point : path(steps)) {
      NDManager nowScope = scope.newSubManager();
      List<PlaceGradient> now = at(point, network, batch.x(), own, nowScope);
      for (int place = 0; place < now.size(); place++) {
        if (before.isEmpty()) {
          sums.add(scope.zeros(now.get(place).output().getShape()));
        } else {
          addPiece(sums.get(place), before.get(place), now.get(place));
        }
      }
      beforeScope.close();
      beforeScope = nowScope;
      before = now;
    }
    Map<String, NDArray> attributions = new LinkedHashMap<>();
    before.forEach(at -> attributions.put(at.place(), sums.get(attributions.size())));
    beforeScope.close();
    return attributions;
  }

  /** Where the network is run: parts of the way from the baseline to the example, ascending. */
  static double[] path(int steps) {
    DoubleStream nodes = DoubleStream.of(GaussLegendre.nodes(steps));
    DoubleStream start = steps > COARSE ? DoubleStream.of(0) : DoubleStream.empty();
    return DoubleStream.concat(start, DoubleStream.concat(nodes, DoubleStream.of(1))).toArray();
  }

  /** The network at a point of the path. */
  private static List<PlaceGradient> at(
      double point, Network network, NDArray x, NDArray own, NDManager scope) {
    try (NDManager run = scope.newSubManager()) {
      NDArray scaled = x.mul(point);
      scaled.attach(run);
      return PlaceGradient.run(network, scaled, own, Pass.EVALUATION, scope);
    }
  }

  /** Adds {@code (z' - z) (g' + g) / 2}. */
  private static void addPiece(NDArray sum, PlaceGradient before, PlaceGradient now) {
    Operators.addTrapezoid(sum, now.output(), before.output(), now.gradient(), before.gradient());
  }
}
