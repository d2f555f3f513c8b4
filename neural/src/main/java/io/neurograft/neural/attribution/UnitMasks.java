package io.neurograft.neural.attribution;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import io.neurograft.neural.network.UnitGroup;

/**
 * Copies of a batch that lie behind each other, each of which lacks a unit of its own.
 *
 * @param group whose units they are
 * @param kept one row per copy, 0 at the unit that it lacks, else 1 (copies x units)
 */
record UnitMasks(UnitGroup group, NDArray kept) {
  /** Masks for the units from {@code first} on. */
  static UnitMasks of(UnitGroup group, int first, int copies, NDManager scope) {
    NDArray lacking =
        scope.arange(first, first + copies).toType(DataType.INT64, false).oneHot(group.units());
    return new UnitMasks(group, lacking.neg().add(1));
  }

  /**
   * Copies a batch.
   *
   * @param batch (B x ...)
   * @return (copies B x ...), in the scope of the masks
   */
  NDArray copy(NDArray batch) {
    Shape one = batch.getShape();
    NDArray copies = batch.expandDims(0).broadcast(new Shape(copies()).addAll(one));
    copies.attach(kept.getManager());
    return copies.reshape(new Shape(copies() * one.get(0)).addAll(one.slice(1)));
  }

  /** Sets each copy's unit to zero where the layer is a place of the group. */
  NDArray mask(String layer, NDArray value) {
    if (group.places().stream().noneMatch(place -> place.layer().equals(layer))) {
      return value;
    }
    Shape shape = value.getShape();
    long before = UnitSums.before(shape) / copies();
    return value
        .reshape(copies(), before, group.units(), -1)
        .mul(kept.reshape(copies(), 1, group.units(), 1))
        .reshape(shape);
  }

  private long copies() {
    return kept.getShape().get(0);
  }
}
