package io.neurograft.coordinator.run;

import java.util.List;
import java.util.Optional;

/**
 * An attached site as the planner sees it.
 *
 * @param inputShape the shape of one of its examples
 * @param classCounts how many training examples of each class it holds
 */
public record SiteView(String name, List<Long> inputShape, List<Long> classCounts) {
  /** Why the site cannot take part in a run; empty where it can. */
  Optional<String> misfit(RunRules rules) {
    if (!inputShape.equals(rules.inputShape())) {
      return Optional.of(
          name
              + " holds examples of shape "
              + inputShape
              + ", the run's are "
              + rules.inputShape());
    }
    if (classCounts.size() != rules.classes()) {
      return Optional.of(
          name + " holds " + classCounts.size() + " classes, the run has " + rules.classes());
    }
    return Optional.empty();
  }
}
