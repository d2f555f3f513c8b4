package io.neurograft.coordinator.store;

import io.neurograft.coordinator.run.TaskKey;
import io.neurograft.coordinator.run.TaskState;
import io.neurograft.coordinator.run.TaskView;
import java.time.Instant;
import java.util.Optional;

/**
 * A task as it is stored.
 *
 * @param leaseUntil when it is sent to its site again, unless the site reports before
 * @param phase what the site is doing, in a few words
 * @param fraction how far it is with that, from 0 to 1
 * @param result there once it is done
 */
public record StoredTask(
    String id,
    String runId,
    TaskView view,
    Instant leaseUntil,
    String phase,
    double fraction,
    Optional<TaskResult> result) {

  /** What it is about. */
  public TaskKey key() {
    return view.key();
  }

  /** How it stands. */
  public TaskState state() {
    return view.state();
  }
}
