package io.neurograft.coordinator.store;

import io.neurograft.coordinator.run.ModelKey;

/**
 * A model that a run made.
 *
 * @param digest of its weights
 * @param seconds how long making it took
 * @param report what the fusion says about it, as a JSON object; empty for an averaged model
 */
public record StoredModel(ModelKey key, String digest, double seconds, String report) {}
