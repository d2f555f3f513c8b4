package io.neurograft.fusion;

import io.neurograft.fusion.interpolate.MomentSource;
import io.neurograft.fusion.interpolate.ProxyMoments;
import io.neurograft.neural.config.InvalidInputException;
import io.neurograft.neural.data.Dataset;
import io.neurograft.neural.moments.LevelBudget;
import java.util.Optional;

/**
 * What a fusion knows of the task beside its members.
 *
 * @param moments where second moments come from: examples here or at sites
 * @param examples labelled examples that lie beside the fusion; empty where there are none
 * @param keptBytes how much of what networks gave for the examples may be kept in memory; beyond it
 *     they run again. 0 needs the same memory for any number of examples.
 * @param budget of the S of a level, for methods that collect moments of the examples themselves
 */
public record FusionData(
    MomentSource moments, Optional<Dataset> examples, long keptBytes, LevelBudget budget) {
  /** Enough for VGG11, two members and 4,000 images without running any of them again. */
  public static final long KEPT_BYTES = 768L << 20;

  /** For methods that look at weights only. */
  public static final FusionData NONE = new FusionData(MomentSource.NONE, Optional.empty(), 0);

  /** Without a budget. */
  public FusionData(MomentSource moments, Optional<Dataset> examples, long keptBytes) {
    this(moments, examples, keptBytes, LevelBudget.NONE);
  }

  /**
   * Examples beside the fusion.
   *
   * @param examples at least one
   * @param seed decides which rows of large images are read
   */
  public static FusionData of(Dataset examples, long seed) {
    return of(examples, seed, KEPT_BYTES);
  }

  /** Examples beside the fusion, of which so many bytes may be kept. */
  public static FusionData of(Dataset examples, long seed, long keptBytes) {
    return of(examples, seed, keptBytes, LevelBudget.NONE);
  }

  /** The same, with a budget for the S of a level. */
  public static FusionData of(Dataset examples, long seed, long keptBytes, LevelBudget budget) {
    return new FusionData(
        ProxyMoments.of(examples, seed, keptBytes, budget),
        Optional.of(examples),
        keptBytes,
        budget);
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
