package io.neurograft.coordinator.store;

import io.neurograft.coordinator.run.ModelKey;
import io.neurograft.coordinator.run.RunState;
import java.time.Instant;
import java.util.Optional;

/**
 * A run as it is stored.
 *
 * @param specification the text it was created from
 * @param round the fine-tuning round; 0 before the first
 * @param changed when its state last changed
 * @param message what is going on, or why it failed
 * @param published the model that was chosen, once there is one
 */
public record StoredRun(
    String id,
    String name,
    String specification,
    RunState state,
    int round,
    Instant created,
    Instant changed,
    String message,
    Optional<ModelKey> published) {}
