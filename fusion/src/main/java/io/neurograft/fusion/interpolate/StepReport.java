package io.neurograft.fusion.interpolate;

/**
 * How well a step was fused (NI, Theorem 1). Errors are squared distances, summed over rows and
 * weighted by the units' scores. For every grouping, {@code grouping + approximation} is the full
 * cost: the distance between the members' units and the fused units that stand for them, over the
 * units that have one.
 *
 * @param step its number
 * @param place the place in the network whose units it makes
 * @param group the index of the unit group there
 * @param units the fused network's
 * @param inputs the columns of what the step reads, the ones included
 * @param columns the columns of the fit, the ones included: fewer where inputs were projected
 * @param rows the rows behind the fit
 * @param refinements how often the step was fitted again
 * @param grouping the error of letting targets stand for the members' units; 0 for a selection,
 *     whose targets are members' units, and for a labels head, whose targets are the labels
 * @param approximation the error of expressing the targets on the steps before, rows counted by
 *     their weights where they have any; for a labels head that was trained, the squared distance
 *     between its softmaxes and the labels
 * @param unspanned for a selection, what the group's selected units do not span of the
 *     post-activations of those left out, at all of the group's places; 0 for other groupings
 */
public record StepReport(
    int step,
    String place,
    int group,
    int units,
    int inputs,
    int columns,
    long rows,
    int refinements,
    double grouping,
    double approximation,
    double unspanned) {

  /**
   * The same step after its level was trained. Steps within the level keep the closed form's
   * errors.
   */
  StepReport trained(long over, double groupingNow, double approximationNow) {
    return new StepReport(
        step,
        place,
        group,
        units,
        inputs,
        columns,
        over,
        refinements,
        groupingNow,
        approximationNow,
        unspanned);
  }
}
