package io.neurograft.neural.network;

/**
 * A place where the units of a group appear: unit u is the coordinates {@code u * stride} to {@code
 * (u + 1) * stride - 1} along one axis of a parameter.
 *
 * @param parameter the parameter's name
 * @param axis its axis, 0 or 1
 * @param stride how many consecutive coordinates a unit has; more than 1 behind a flatten and in
 *     the heads of an attention
 * @param part what the slice is to the unit
 */
public record Slice(String parameter, int axis, int stride, Part part) {
  /** What a slice is to its unit. */
  public enum Part {
    /** The weights that make the unit. */
    INCOMING,
    /** The weights by which the unit is read. */
    OUTGOING,
    /** The unit's scale in a BatchNorm or LayerNorm. */
    SCALE,
    /**
     * A shift that moves with the unit and says nothing of its weight: a bias, a running statistic,
     * what a class token or a position embedding adds.
     */
    OFFSET
  }
}
