package io.neurograft.client.task;

import io.neurograft.client.transfer.ArtifactRef;
import java.util.List;
import java.util.Optional;

/**
 * What came of a task: all that leaves this site. Counts, figures, and the names of artifacts.
 *
 * @param artifacts what the task made; complete in the site's artifact folder
 * @param trainingExamples how many examples the site trained on; 0 where it did not train
 * @param before the model as it came, on the examples held back; empty where none are
 * @param after the model after training here, on the same examples
 * @param seconds how long the work took
 */
public record TaskOutcome(
    List<ArtifactRef> artifacts,
    long trainingExamples,
    Optional<Figures> before,
    Optional<Figures> after,
    double seconds) {
  public TaskOutcome {
    artifacts = List.copyOf(artifacts);
  }

  TaskOutcome withSeconds(double measured) {
    return new TaskOutcome(artifacts, trainingExamples, before, after, measured);
  }

  /** The figures of the model as it is now. */
  Optional<Figures> latest() {
    return after.or(() -> before);
  }
}
