package io.neurograft.neural.network;

/**
 * A place where the units of a group can be read while a network runs.
 *
 * @param layer the name of the layer whose output it is, such as {@code levels.3.1.body.0}; {@code
 *     <layer>.heads} for what the heads of an attention give
 * @param stride how many consecutive coordinates of the unit axis a unit has; unit u has {@code u *
 *     stride} to {@code (u + 1) * stride - 1}
 */
public record Place(String layer, int stride) {}
