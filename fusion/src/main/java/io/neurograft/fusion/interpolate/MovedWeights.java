package io.neurograft.fusion.interpolate;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import io.neurograft.neural.collection.Clusters;
import io.neurograft.neural.collection.UnitRows;
import io.neurograft.neural.moments.AffineMap;
import io.neurograft.neural.moments.FitStep;
import io.neurograft.neural.network.BatchNorm;
import io.neurograft.neural.network.Network;
import io.neurograft.neural.network.Weights;
import java.util.ArrayList;
import java.util.List;

/**
 * The weights that a step would have if the members' units were only moved to where they are
 * grouped: each reads what its member gave it, and a unit that is gone is the linear combination of
 * the fused units that comes nearest to it, which the Gram matrix of its group tells. They are what
 * a fit is expected to find, before any moments of the fused network are known.
 */
final class MovedWeights {
  /** Of the mean diagonal: units that say the same are no reason to fail. */
  private static final double DAMPING = 1e-6;

  private final List<Network> members;
  private final NDManager scope;
  private final List<NDArray> readings = new ArrayList<>(); // by group (n x N)

  /**
   * @param scope for what is kept
   */
  MovedWeights(List<Network> members, NDManager scope) {
    this.members = List.copyOf(members);
    this.scope = scope;
  }

  /**
   * Takes the next group, in their order.
   *
   * @param clusters A (N x n)
   * @param gram of the members' units, and of others behind them, float64
   */
  void add(Clusters clusters, NDArray gram) {
    try (NDManager call = scope.newSubManager()) {
      NDArray a = clusters.matrix(DataType.FLOAT64, call);
      NDArray units = gram.get(new NDIndex("0:{}, 0:{}", clusters.units(), clusters.units()));
      units.attach(call);
      NDArray cross = a.transpose().matMul(units); // A'G
      NDArray fused = cross.matMul(a);
      NDArray diagonal = Factor.diagonal(fused);
      diagonal.addi(DAMPING * diagonal.mean().getDouble());
      NDArray reading = new Factor(fused).divide(cross); // (A'GA)^-1 A'G
      reading.attach(scope);
      readings.add(reading);
    }
  }

  /**
   * Writes a step's weights.
   *
   * @param made A, over the members' units at the step
   * @param fused the fused network's
   */
  void write(FitStep step, Clusters made, Weights fused) {
    for (AffineMap map : step.maps()) {
      try (NDManager call = scope.newSubManager()) {
        NDArray sum =
            call.zeros(
                new Shape(map.columns(), (long) made.count() * step.stride()), DataType.FLOAT64);
        int read = 0;
        int firstMade = 0;
        for (Network member : members) {
          NDArray own = folded(map, member.weights(), call);
          int inputs = (int) own.getShape().get(1);
          int units = (int) own.getShape().get(2) / step.stride();
          NDArray moved = read(map, own, read); // (places x inputs x outputs)
          sum.addi(columns(map, moved).matMul(part(made, firstMade, units, step.stride(), call)));
          read += inputs;
          firstMade += units;
        }
        NDArray parameter = fused.get(map.name() + ".weight");
        NDArray typed = map.weight(sum).toType(DataType.FLOAT32, true);
        parameter.set(new NDIndex("..."), typed.reshape(parameter.getShape()));
      }
    }
  }

  /** A member's weights with the batchnorm's scale in them (places x inputs x outputs), float64. */
  private static NDArray folded(AffineMap map, Weights weights, NDManager call) {
    NDArray w = typed(weights.get(map.name() + ".weight"), call);
    long outputs = w.getShape().get(0);
    NDArray rows = w.reshape(outputs, -1);
    if (map.norm().isPresent()) {
      NDArray variance = typed(weights.get(map.norm().get() + ".running_var"), call);
      NDArray scale = typed(weights.get(map.norm().get() + ".weight"), call);
      rows = rows.mul(scale.div(variance.add(BatchNorm.EPSILON).sqrt()).reshape(outputs, 1));
    }
    return rows.reshape(outputs, -1, map.places()).transpose(2, 1, 0);
  }

  private static NDArray typed(NDArray array, NDManager call) {
    NDArray typed = array.toType(DataType.FLOAT64, true);
    typed.attach(call);
    return typed;
  }

  /** The same weights for the fused units; the network's input is the same for all members. */
  private NDArray read(AffineMap map, NDArray own, int first) {
    if (map.units().isEmpty()) {
      return own;
    }
    NDArray reading = readings.get(map.units().get().group());
    long to = first + own.getShape().get(1);
    NDArray part = reading.get(new NDIndex(":, {}:{}", first, to));
    part.attach(own.getManager());
    return part.matMul(own);
  }

  /** Rows in the order of the map's columns: of a window by place, elsewhere by unit. */
  private static NDArray columns(AffineMap map, NDArray w) {
    NDArray ordered = map.window().isPresent() ? w : w.transpose(1, 0, 2);
    return ordered.reshape(map.columns(), -1);
  }

  /** A for some units of several coordinates each (units stride x n stride). */
  private static NDArray part(Clusters made, int first, int units, int stride, NDManager call) {
    NDArray a = call.create(made.rows(first, first + units), new Shape(units, made.count()));
    if (stride == 1) {
      return a;
    }
    NDArray eye = call.eye(units * stride).toType(DataType.FLOAT64, false);
    return UnitRows.join(UnitRows.split(eye, stride).matMul(a), stride);
  }
}
