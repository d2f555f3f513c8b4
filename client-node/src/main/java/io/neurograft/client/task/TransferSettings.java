package io.neurograft.client.task;

import io.neurograft.neural.network.WeightEncoding;
import io.neurograft.proto.artifact.Packing;

/**
 * How the artifacts of a task travel.
 *
 * @param weights in which numbers weights are sent that were made here
 * @param packing how all artifacts are packed, up and down
 */
public record TransferSettings(WeightEncoding weights, Packing packing) {
  /** Everything as it is. */
  public static final TransferSettings PLAIN =
      new TransferSettings(WeightEncoding.NONE, Packing.NONE);
}
