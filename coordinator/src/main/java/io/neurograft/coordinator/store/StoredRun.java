package io.neurograft.coordinator.store;

import io.neurograft.coordinator.run.ModelKey;
import io.neurograft.coordinator.run.RunState;
import io.neurograft.coordinator.run.TaskKey;
import java.time.Instant;
import java.util.Optional;

/**
 * A run as it is stored.
 *
 * @param token a few random digits that the identities of its tasks contain
 * @param specification the text it was created from
 * @param round the fine-tuning round; 0 before the first
 * @param changed when its state last changed, by the database's clock
 * @param paused since when an operator has it stand still; empty while it goes on
 * @param resumed when it was last taken up again
 * @param fence how often the lead of the run has changed hands
 * @param message what is going on, or why it failed
 * @param published the model that was chosen, once there is one
 */
public record StoredRun(
    String id,
    String token,
    String name,
    String specification,
    RunState state,
    int round,
    Instant created,
    Instant changed,
    Optional<Instant> paused,
    Instant resumed,
    long fence,
    String message,
    Optional<ModelKey> published) {

  /** Whether its sites and jobs may work. */
  public boolean working() {
    return paused.isEmpty() && !state.ended();
  }

  /** The identity of one of its tasks. */
  public String taskId(TaskKey key) {
    return key.id(id, token);
  }
}
