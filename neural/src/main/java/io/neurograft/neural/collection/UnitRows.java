package io.neurograft.neural.collection;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;

/** Rows of units that have several coordinates, as an attention's heads do. */
public final class UnitRows {
  private UnitRows() {}

  /**
   * A place's value as rows: (B x n x H x W), (B x T x n) or (B x n) to (rows x n). May be the
   * value itself, since a duplicate would end the record of gradients.
   */
  public static NDArray of(NDArray value) {
    return switch (value.getShape().dimension()) {
      case 2 -> value;
      case 3 -> value.reshape(-1, value.getShape().get(2));
      default -> value.transpose(0, 2, 3, 1).reshape(-1, value.getShape().get(1));
    };
  }

  /** Gives each coordinate of a unit a row: (rows x N s) to (rows s x N), under an own handle. */
  public static NDArray split(NDArray rows, int stride) {
    if (stride == 1) {
      return rows.duplicate();
    }
    Shape shape = rows.getShape();
    return rows.reshape(shape.get(0), shape.get(1) / stride, stride)
        .transpose(0, 2, 1)
        .reshape(-1, shape.get(1) / stride);
  }

  /** Undoes {@link #split}: (rows s x n) to (rows x n s). */
  public static NDArray join(NDArray rows, int stride) {
    if (stride == 1) {
      return rows.duplicate();
    }
    Shape shape = rows.getShape();
    return rows.reshape(shape.get(0) / stride, stride, shape.get(1))
        .transpose(0, 2, 1)
        .reshape(-1, shape.get(1) * stride);
  }
}
