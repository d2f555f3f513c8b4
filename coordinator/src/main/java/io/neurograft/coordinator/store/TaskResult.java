package io.neurograft.coordinator.store;

import io.neurograft.coordinator.run.Score;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What came of a task.
 *
 * @param weights digest of the model that it made
 * @param scores digest of the scores that it made
 * @param moments digest of its answer to a question
 * @param publicKey digest of the site's public key for the run's masks
 * @param trainingExamples how many examples it trained on; 0 where it did not train
 * @param before how the model did as it came, on the examples held back
 * @param after how it did after training
 * @param seconds how long the work took
 * @param sent what was sent for its weights; the coordinator finds out by itself
 */
public record TaskResult(
    Optional<String> weights,
    Optional<String> scores,
    Optional<String> moments,
    Optional<String> publicKey,
    long trainingExamples,
    Optional<Score> before,
    Optional<Score> after,
    double seconds,
    Optional<SentWeights> sent) {
  /** The digests of what it names. */
  public List<String> artifacts() {
    return Stream.of(weights, scores, moments, publicKey).flatMap(Optional::stream).toList();
  }

  /** The same result, with what was sent for its weights. */
  public TaskResult with(Optional<SentWeights> found) {
    return new TaskResult(
        weights, scores, moments, publicKey, trainingExamples, before, after, seconds, found);
  }
}
