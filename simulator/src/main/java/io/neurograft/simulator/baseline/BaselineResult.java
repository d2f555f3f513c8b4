package io.neurograft.simulator.baseline;

/**
 * How well a baseline's network did on the common test split.
 *
 * @param baseline its label
 * @param accuracy the share of examples that were classified rightly
 * @param loss the mean cross-entropy, in nats
 * @param seconds of its training
 */
public record BaselineResult(String baseline, double accuracy, double loss, double seconds) {}
