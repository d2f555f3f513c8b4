package io.neurograft.neural.moments;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import io.neurograft.neural.network.Weights;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Fewer columns for the inputs of a fit: {@code X P} in place of X, so that S is (q x q). A fit in
 * these columns finds W' (q x n), and the map's weights are {@code W = P W'}. (Design: fusion,
 * section 5.)
 *
 * <p>P is the weights that the fit is expected to find, and random signs in the columns that are
 * left. With those weights alone a fit is at least as good as they are; of random columns it would
 * need nearly all. Where the budget has less room than the weights, random sums of them take their
 * place. Inputs of maps that add up are projected map by map, so that the moments of what each map
 * gives can still be told from S.
 */
public final class Projection implements AutoCloseable {
  private final List<Part> parts;
  private final NDManager scope;

  private Projection(List<Part> parts, NDManager scope) {
    this.parts = List.copyOf(parts);
    this.scope = scope;
  }

  /**
   * The projection of a step's inputs: the same wherever the weights and the seed are the same.
   * Empty where S fits into the budget.
   *
   * @param expected has the weights that the fit is expected to find, to single precision
   * @param seed of all that is random
   */
  public static Optional<Projection> of(
      FitStep step, LevelBudget budget, Weights expected, long seed, NDManager parent) {
    if (budget.fits(step)) {
      return Optional.empty();
    }
    NDManager scope = parent.newSubManager();
    List<NDArray> weights = new ArrayList<>();
    for (AffineMap map : step.maps()) {
      NDArray exact = expected.get(map.name() + ".weight").toType(DataType.FLOAT64, true);
      exact.attach(scope);
      weights.add(map.solution(exact));
    }
    if (step.kind() == FitStep.Kind.HEADS) { // all read the same
      weights = List.of(NDArrays.concat(new NDList(weights), 1));
    }
    List<Integer> columns = budget.columns(step);
    List<Part> parts = new ArrayList<>();
    for (int i = 0; i < weights.size(); i++) {
      long own = seed ^ ((step.index() + 1L) << 32) ^ i;
      parts.add(Part.of(weights.get(i), columns.get(i), own, scope));
    }
    return Optional.of(new Projection(parts, scope));
  }

  /**
   * One part of the inputs.
   *
   * @param from p
   * @param columns q
   * @param weights (p x at most q), of length 1 each, float64; empty where no column is lost
   * @param rest of P, as far as the weights do not fill it
   */
  private record Part(
      int from, int columns, Optional<NDArray> weights, Optional<SparseSigns> rest) {

    static Part of(NDArray weights, int columns, long seed, NDManager scope) {
      int from = (int) weights.getShape().get(0);
      int known = (int) weights.getShape().get(1);
      if (columns == from) {
        SparseSigns all = new SparseSigns(from, from, seed, scope);
        return new Part(from, columns, Optional.empty(), Optional.of(all));
      }
      if (known > columns) {
        NDArray sums = new SparseSigns(known, columns, seed, scope).apply(weights);
        return new Part(from, columns, Optional.of(unit(sums, scope)), Optional.empty());
      }
      Optional<SparseSigns> rest =
          known == columns
              ? Optional.empty()
              : Optional.of(new SparseSigns(from, columns - known, seed, scope));
      return new Part(from, columns, Optional.of(unit(weights, scope)), rest);
    }

    /** Columns divided by their lengths; one of zeros stays. */
    private static NDArray unit(NDArray columns, NDManager scope) {
      NDArray lengths = columns.square().sum(new int[] {0}, true).sqrt();
      NDArray unit = columns.div(lengths.maximum(Double.MIN_NORMAL));
      unit.attach(scope);
      return unit;
    }

    NDArray apply(NDArray x) {
      NDList columns = new NDList();
      weights.ifPresent(
          w -> {
            try (NDArray typed = w.toType(x.getDataType(), true)) {
              columns.add(x.matMul(typed));
            }
          });
      rest.ifPresent(random -> columns.add(random.apply(x)));
      return beside(columns);
    }

    NDArray lift(NDArray w) {
      long known = weights.map(own -> own.getShape().get(1)).orElse(0L);
      NDArray lifted = w.getManager().zeros(new Shape(from, w.getShape().get(1)), w.getDataType());
      weights.ifPresent(own -> lifted.addi(own.matMul(w.get(new NDIndex("0:{}", known)))));
      rest.ifPresent(random -> lifted.addi(random.lift(w.get(new NDIndex("{}:", known)))));
      return lifted;
    }
  }

  private static NDArray beside(NDList columns) {
    if (columns.size() == 1) {
      return columns.get(0);
    }
    try (columns) {
      return NDArrays.concat(columns, 1);
    }
  }

  /** The columns of {@code X P}, q, of all parts together. */
  public int columns() {
    return parts.stream().mapToInt(Part::columns).sum();
  }

  /** The columns of {@code X P} that come of one part. */
  public int columns(int part) {
    return parts.get(part).columns();
  }

  /**
   * {@code X P}, in the scope of X.
   *
   * @param x all parts side by side (rows x p)
   */
  public NDArray apply(NDArray x) {
    NDList projected = new NDList();
    long from = 0;
    for (Part part : parts) {
      try (NDArray own = x.get(new NDIndex(":, {}:{}", from, from + part.from()))) {
        projected.add(part.apply(own));
      }
      from += part.from();
    }
    return beside(projected);
  }

  /**
   * {@code P W'} for one part, in the scope of W'.
   *
   * @param w (q x n), float64
   * @return (p x n)
   */
  public NDArray lift(int part, NDArray w) {
    return parts.get(part).lift(w);
  }

  @Override
  public void close() {
    scope.close();
  }
}
