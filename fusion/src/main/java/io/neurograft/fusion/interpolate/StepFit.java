package io.neurograft.fusion.interpolate;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.DataType;
import io.neurograft.neural.collection.StepMoments;
import io.neurograft.neural.moments.AffineMap;
import io.neurograft.neural.moments.FitStep;
import io.neurograft.neural.moments.Operation;
import io.neurograft.neural.moments.Projection;
import io.neurograft.neural.moments.SecondMoments;
import io.neurograft.neural.moments.TargetMoments;
import io.neurograft.neural.network.BatchNorm;
import io.neurograft.neural.network.ClassToken;
import io.neurograft.neural.network.PositionEmbedding;
import io.neurograft.neural.network.UnitAxis;
import io.neurograft.neural.network.Weights;
import java.util.Arrays;
import java.util.Optional;

/**
 * Fits one step of the fused network to its targets and writes its parameters. Maps that add up are
 * fitted together, on their inputs side by side. Where a BatchNorm follows a map, the folded map is
 * fitted; the norm's running statistics are set to those of the map's outputs, which S holds, and
 * its scale and shift so that it computes the folded map in evaluation.
 */
final class StepFit implements AutoCloseable {
  /** An embedding's targets are sums of its inputs: nothing is to be damped but rounding. */
  private static final double EMBEDDING_RIDGE = 1e-9;

  private final FitStep step;
  private final Weights weights;
  private final SecondMoments moments;
  private final Optional<Projection> projection;
  private final NDManager scope;
  private final Equations equations;

  /**
   * @param weights the fused network's
   * @param moments of the step's inputs and targets, which stay the caller's
   */
  StepFit(FitStep step, Weights weights, StepMoments moments, double ridge) {
    double damping = step.kind() == FitStep.Kind.EMBEDDING ? EMBEDDING_RIDGE : ridge;
    this.step = step;
    this.weights = weights;
    this.moments = moments.fit();
    this.projection = moments.projection();
    this.scope = weights.scope().newSubManager();
    this.equations = Equations.of(moments.fit().inputs(), damping, scope);
  }

  /**
   * Fits the step.
   *
   * @param targets on the step's inputs: its own, or others
   * @return the solution W (p+1 x n), in this object's scope; (q+1 x n) where inputs are projected
   */
  NDArray fit(TargetMoments targets) {
    NDArray w = equations.solve(targets);
    write(w);
    return w;
  }

  /** The squared error of each of the step's own targets over all rows. */
  double[] errors(NDArray w) {
    return equations.errors(moments.targets(), w).toDoubleArray();
  }

  /**
   * Fits the last step. Labels are no logits: what is fitted to them is scaled until it spreads
   * over the classes as the mean of the members' logits does. That changes no decision, but a loss
   * and a gradient are then what they are for a trained network. The moments have two targets for
   * each class, its label and the mean of the members' logits, then the sum of the latter.
   *
   * @return the squared error of each class over all rows, before scaling
   */
  double[] fitHead(Head head) {
    int classes = UnitAxis.size(step.output());
    int from = head == Head.LABELS ? 0 : classes;
    NDArray all = equations.solve(moments.targets());
    NDArray errors = equations.errors(moments.targets(), all);
    NDArray w = all.get(new NDIndex(":, {}:{}", from, from + classes));
    if (head == Head.LABELS) {
      w = w.mul(ratio(spread(moments.targets().lengths(), classes), spread(w)));
    }
    write(w);
    return Arrays.copyOfRange(errors.toDoubleArray(), from, from + classes);
  }

  /**
   * How far the members' logits lie from their mean over the classes, squared and summed over rows:
   * from the lengths of the labels, the logits and the logits' sum.
   */
  private static double spread(double[] lengths, int classes) {
    double logits = Arrays.stream(lengths, classes, 2 * classes).sum();
    return logits - lengths[2 * classes] / classes;
  }

  /** The same of what weights give; the mean is taken off the weights, which loses no digits. */
  private double spread(NDArray w) {
    NDArray centred = w.sub(w.mean(new int[] {1}, true));
    return Factor.diagonal(equations.outputs(0, centred).products()).sum().getDouble();
  }

  private static double ratio(double wanted, double found) {
    return wanted > 0 && found > 0 ? Math.sqrt(wanted / found) : 1;
  }

  private void write(NDArray w) {
    switch (step.kind()) {
      case SUM -> writeSum(w);
      case EMBEDDING -> writeEmbedding(w);
      case HEADS -> writeHeads(w);
    }
  }

  /** Maps that add up have their weights one below the other; the bias is the first one's. */
  private void writeSum(NDArray w) {
    long from = 0;
    NDArray bias = w.get(w.getShape().get(0) - 1);
    for (int i = 0; i < step.maps().size(); i++) {
      AffineMap map = step.maps().get(i);
      int at = i;
      long to = from + projection.map(p -> p.columns(at)).orElseGet(map::columns);
      NDArray part = w.get(new NDIndex("{}:{}", from, to));
      put(map.name() + ".weight", map.weight(lifted(i, part)));
      if (map.norm().isPresent()) {
        writeNorm(map, equations.outputs(from, part), bias);
      } else {
        put(map.name() + ".bias", bias);
      }
      bias = bias.zerosLike();
      from = to;
    }
  }

  /** Weights of a part of the inputs, as the maps have them (columns x n). */
  private NDArray lifted(int part, NDArray w) {
    return projection.map(p -> p.lift(part, w)).orElse(w);
  }

  /** The norm's statistics are those of the map's outputs without the bias. */
  private void writeNorm(AffineMap map, Equations.Outputs outputs, NDArray bias) {
    double rows = moments.inputs().weight();
    NDArray mean = outputs.sums().div(rows);
    NDArray squares = Factor.diagonal(outputs.products()).div(rows);
    NDArray variance = squares.sub(mean.square()).maximum(0);
    String norm = map.norm().orElseThrow();
    put(map.name() + ".bias", mean.zerosLike());
    put(norm + ".weight", variance.add(BatchNorm.EPSILON).sqrt());
    put(norm + ".bias", bias.add(mean));
    put(norm + ".running_mean", mean);
    put(norm + ".running_var", variance);
  }

  /** Behind the patches' weights come the biases that positions have of their own, then all's. */
  private void writeEmbedding(NDArray w) {
    AffineMap map = step.maps().get(0);
    long columns = map.columns();
    NDArray bias = w.get(w.getShape().get(0) - 1);
    NDArray own = w.get(new NDIndex("{}:{}", columns, columns + step.ownBiases())).add(bias);
    put(map.name() + ".weight", map.weight(w.get(new NDIndex("0:{}", columns))));
    put(map.name() + ".bias", bias);
    for (Operation operation : step.own()) {
      if (operation instanceof Operation.Run run && run.layer() instanceof ClassToken) {
        put(run.name() + ".weight", own.get(0));
      } else if (operation instanceof Operation.Run run
          && run.layer() instanceof PositionEmbedding) {
        writePositions(map, own, run.name());
      }
    }
  }

  /** Positions hold all biases; what is before them has none. */
  private void writePositions(AffineMap map, NDArray own, String name) {
    put(name + ".weight", own);
    put(map.name() + ".bias", own.get(0).zerosLike());
    for (Operation operation : step.own()) {
      if (operation instanceof Operation.Run run && run.layer() instanceof ClassToken) {
        put(run.name() + ".weight", own.get(0).zerosLike());
      }
    }
  }

  /** The weights of queries, keys and values lie side by side. */
  private void writeHeads(NDArray w) {
    long columns = w.getShape().get(0) - 1;
    long width = w.getShape().get(1) / step.maps().size();
    NDArray weight = lifted(0, w.get(new NDIndex("0:{}", columns)));
    NDArray bias = w.get(columns);
    for (int i = 0; i < step.maps().size(); i++) {
      long to = (i + 1) * width;
      String map = step.maps().get(i).name();
      put(map + ".weight", weight.get(new NDIndex(":, {}:{}", i * width, to)).transpose());
      put(map + ".bias", bias.get(new NDIndex("{}:{}", i * width, to)));
    }
  }

  /** Replaces a parameter by values of any shape of its size. */
  private void put(String name, NDArray values) {
    NDArray parameter = weights.get(name);
    NDArray typed = values.toType(DataType.FLOAT32, true).reshape(parameter.getShape());
    parameter.set(new NDIndex("..."), typed);
  }

  @Override
  public void close() {
    scope.close();
  }
}
