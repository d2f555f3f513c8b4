package io.neurograft.simulator.bench;

import io.neurograft.simulator.baseline.BaselineResult;
import java.util.List;

/**
 * The accuracies of a case on its test split.
 *
 * @param name the case's
 * @param members of each member
 * @param ensemble of the mean of the members' softmaxes
 * @param baselines of each of the case's baselines
 * @param fused of each row of the plan, in its order
 */
public record CaseResult(
    String name,
    List<Double> members,
    double ensemble,
    List<BaselineResult> baselines,
    List<Fusion> fused) {
  /**
   * A fused network's figures.
   *
   * @param method the row's label
   * @param accuracy as it was fused
   * @param tuned after each epoch of further training; empty where there was none
   * @param seconds of the fusion itself, scores not included
   */
  public record Fusion(String method, double accuracy, List<Double> tuned, double seconds) {}
}
