package io.neurograft.neural.network;

/**
 * A place where the units of a group appear: unit u is the coordinates {@code u * stride} to {@code
 * (u + 1) * stride - 1} along one axis of a parameter.
 *
 * @param parameter the parameter's name
 * @param axis its axis, 0 or 1
 * @param stride how many consecutive coordinates a unit has; more than 1 behind a flatten
 * @param part what the slice is to the unit
 */
public record Slice(String parameter, int axis, int stride, Part part) {
  /** What a slice is to its unit. */
  public enum Part {
    /** The weights that make the unit. */
    INCOMING,
    /** The weights by which the unit is read. */
    OUTGOING,
    /** The unit's BatchNorm scale. */
    SCALE,
    /** A bias or a running statistic: it moves with the unit and says nothing of its weight. */
    OFFSET
  }
}
