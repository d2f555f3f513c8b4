package io.neurograft.neural.moments;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Rows as they are, as long as they are few: once there are too many, none is held any more. */
final class HeldRows {
  private final long most;
  private final DataType type;
  private final NDManager scope;
  private List<NDArray> blocks = new ArrayList<>();
  private boolean complete = true;
  private long rows;

  HeldRows(long most, DataType type, NDManager scope) {
    this.most = most;
    this.type = type;
    this.scope = scope;
  }

  /**
   * Copies rows, if they are not too many together with those before.
   *
   * @return whether all rows are held
   */
  boolean hold(NDArray x) {
    long added = x.getShape().get(0);
    if (!complete || rows + added > most) {
      return false;
    }
    NDArray copy = x.toType(type, true);
    copy.attach(scope);
    blocks.add(copy);
    rows += added;
    return true;
  }

  /** Hands all blocks out, the caller's to close, and holds nothing from now on. */
  List<NDArray> release() {
    List<NDArray> all = blocks;
    blocks = List.of();
    complete = false;
    return all;
  }

  /** All rows, float64, in the given scope; empty where not all are held, or none is there. */
  Optional<NDArray> all(NDManager target) {
    if (blocks.isEmpty()) {
      return Optional.empty();
    }
    try (NDArray joined = NDArrays.concat(new NDList(blocks), 0)) {
      NDArray exact = joined.toType(DataType.FLOAT64, true);
      exact.attach(target);
      return Optional.of(exact);
    }
  }
}
