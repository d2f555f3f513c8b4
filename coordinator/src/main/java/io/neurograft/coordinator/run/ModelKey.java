package io.neurograft.coordinator.run;

/**
 * Names a model of a run.
 *
 * @param method the fusion method that made it
 * @param round 0 as it was fused, r as it was averaged after fine-tuning round r
 */
public record ModelKey(String method, int round) {}
