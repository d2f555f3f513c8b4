package io.neurograft.fusion;

import io.neurograft.fusion.interpolate.MomentSource;
import io.neurograft.fusion.interpolate.ProxyMoments;
import io.neurograft.neural.config.InvalidInputException;
import io.neurograft.neural.data.Batches;
import io.neurograft.neural.data.Dataset;
import java.util.Optional;

/**
 * What a fusion knows of the task beside its members.
 *
 * @param moments where second moments come from: examples here or at sites
 * @param examples labelled examples that lie beside the fusion; empty where there are none
 */
public record FusionData(MomentSource moments, Optional<Dataset> examples) {
  /** For methods that look at weights only. */
  public static final FusionData NONE = new FusionData(MomentSource.NONE, Optional.empty());

  /**
   * Examples beside the fusion.
   *
   * @param examples at least one
   * @param seed decides which rows of large images are read
   */
  public static FusionData of(Dataset examples, long seed) {
    return new FusionData(
        ProxyMoments.of(examples, Batches.all(examples), seed), Optional.of(examples));
  }

  /**
   * The examples.
   *
   * @throws InvalidInputException if there are none
   */
  public Dataset requireExamples() {
    return examples.orElseThrow(
        () ->
            new InvalidInputException(
                "data", "this method trains: it needs examples beside the fusion"));
  }
}
