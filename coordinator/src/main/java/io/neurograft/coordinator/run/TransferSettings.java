package io.neurograft.coordinator.run;

import io.neurograft.neural.config.ConfigNode;
import io.neurograft.neural.network.WeightEncoding;
import io.neurograft.proto.artifact.Packing;

/**
 * How the artifacts of a run travel.
 *
 * @param weights in which numbers sites send the weights that they made
 * @param packing how chunks are packed, up and down
 */
public record TransferSettings(WeightEncoding weights, Packing packing) {
  /** Everything as it is. */
  public static final TransferSettings PLAIN =
      new TransferSettings(WeightEncoding.NONE, Packing.NONE);

  static TransferSettings from(ConfigNode node) {
    return new TransferSettings(
        node.choice("weights", WeightEncoding.class, PLAIN.weights),
        node.choice("compression", Packing.class, PLAIN.packing));
  }
}
