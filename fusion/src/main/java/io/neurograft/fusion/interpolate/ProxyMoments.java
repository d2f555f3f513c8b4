package io.neurograft.fusion.interpolate;

import ai.djl.ndarray.types.DataType;
import io.neurograft.neural.collection.Collector;
import io.neurograft.neural.collection.MomentCollection;
import io.neurograft.neural.config.InvalidInputException;
import io.neurograft.neural.data.Dataset;
import io.neurograft.neural.moments.LevelBudget;
import io.neurograft.neural.moments.MomentSettings;
import io.neurograft.neural.moments.RowSampling;
import java.util.Optional;

/**
 * Moments of a data set that lies beside the fusion, streamed in batches: 50,000 examples need no
 * more memory than some thousand, since what is kept between levels is bounded.
 */
public final class ProxyMoments implements MomentSource {
  private final Dataset data;
  private final Collector.Settings settings;

  /**
   * Moments of examples.
   *
   * @param data at least one example
   * @param settings how they are collected; rows may be held, they stay here
   */
  public ProxyMoments(Dataset data, Collector.Settings settings) {
    if (data.size() == 0) {
      throw new InvalidInputException("data", "there are no examples to collect moments from");
    }
    this.data = data;
    this.settings = settings;
  }

  /**
   * Moments in single precision products with the default number of rows.
   *
   * @param budget of a step's S; inputs are projected where it would be over it
   */
  public static ProxyMoments of(Dataset data, long seed, long keptBytes, LevelBudget budget) {
    return new ProxyMoments(
        data,
        new Collector.Settings(
            new MomentSettings(DataType.FLOAT32, true),
            new RowSampling(seed, RowSampling.PER_COLUMN),
            data.size(),
            keptBytes,
            budget));
  }

  @Override
  public MomentCollection begin(Request request) {
    return new Collector(
        data,
        settings,
        request.target(),
        request.members(),
        request.grams(),
        Optional.empty(),
        request.scope(),
        request.phases());
  }
}
