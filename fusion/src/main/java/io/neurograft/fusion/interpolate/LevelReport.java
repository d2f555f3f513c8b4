package io.neurograft.fusion.interpolate;

/**
 * How well a level was fused (NI, Theorem 1). Errors are sums over rows, weighted by the units'
 * scores.
 *
 * @param level which
 * @param units the fused network's
 * @param columns the columns of the fit, the ones included
 * @param rows the rows behind the fit
 * @param grouping the error of letting fused units stand for the members' units; 0 for the head
 * @param approximation the error of expressing the fused units on the levels before; with K-means
 *     it adds up with {@code grouping} to the full cost
 */
public record LevelReport(
    int level, int units, int columns, long rows, double grouping, double approximation) {}
