package io.neurograft.coordinator.run;

import java.time.Duration;
import java.util.List;

/**
 * What the planner needs to know of a run's specification.
 *
 * @param minimumSites how many sites must be attached to start and must finish each round; at least
 *     1
 * @param patience how long the run waits for that many sites
 * @param deadline how long a round waits for its sites
 * @param attempts how often a task is given out at the most; at least 1
 * @param rounds fine-tuning rounds; 0 or more
 * @param methods the labels of the fusion methods, in the specification's order; at least one
 * @param evaluatedHere whether the coordinator has examples to evaluate models on
 * @param inputShape the shape of one example
 */
public record RunRules(
    int minimumSites,
    Duration patience,
    Duration deadline,
    int attempts,
    int rounds,
    List<String> methods,
    boolean evaluatedHere,
    List<Long> inputShape,
    int classes) {}
