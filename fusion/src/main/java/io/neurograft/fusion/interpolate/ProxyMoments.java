package io.neurograft.fusion.interpolate;

import ai.djl.ndarray.types.DataType;
import io.neurograft.neural.config.InvalidInputException;
import io.neurograft.neural.data.Batches;
import io.neurograft.neural.data.Dataset;
import io.neurograft.neural.moments.RowSampling;

/**
 * Moments of a data set that lies beside the fusion, streamed in batches: 50,000 examples need no
 * more memory than some thousand, since what is kept between levels is bounded.
 */
public final class ProxyMoments implements MomentSource {
  private final Dataset data;
  private final int[] indices;
  private final RowSampling sampling;
  private final DataType products;
  private final long keptBytes;

  /**
   * Moments of some examples.
   *
   * @param indices their places in the data set, at least one
   * @param sampling which positions of an example give rows
   * @param products the data type of a block's products: FLOAT32, or FLOAT64 where two partitions
   *     of the examples must agree to the last digits
   * @param keptBytes how much of the members' rows and of the fused network's activations may be
   *     kept to save forward passes
   */
  public ProxyMoments(
      Dataset data, int[] indices, RowSampling sampling, DataType products, long keptBytes) {
    if (indices.length == 0) {
      throw new InvalidInputException("data", "there are no examples to collect moments from");
    }
    this.data = data;
    this.indices = indices.clone();
    this.sampling = sampling;
    this.products = products;
    this.keptBytes = keptBytes;
  }

  /** Moments in single precision products with the default number of rows. */
  public static ProxyMoments of(Dataset data, int[] indices, long seed, long keptBytes) {
    return new ProxyMoments(
        data, indices, new RowSampling(seed, RowSampling.PER_COLUMN), DataType.FLOAT32, keptBytes);
  }

  @Override
  public Collection begin(Request request) {
    Batches.requireFit(data, request.target().input());
    if (data.classes() > request.target().classes()) {
      throw new InvalidInputException(
          "data",
          "it has " + data.classes() + " classes, the network only " + request.target().classes());
    }
    return new ProxyCollection(this, request);
  }

  Dataset data() {
    return data;
  }

  int[] indices() {
    return indices;
  }

  RowSampling sampling() {
    return sampling;
  }

  DataType products() {
    return products;
  }

  long keptBytes() {
    return keptBytes;
  }
}
