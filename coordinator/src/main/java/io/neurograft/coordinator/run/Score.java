package io.neurograft.coordinator.run;

/**
 * How a model did on a number of examples.
 *
 * @param examples the number of examples; at least 1
 * @param accuracy the share that was classified rightly, from 0 to 1
 * @param loss the mean cross-entropy, in nats
 */
public record Score(long examples, double accuracy, double loss) {}
