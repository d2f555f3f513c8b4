package io.neurograft.neural.network;

import java.util.Map;
import java.util.Optional;

/**
 * What an encoding of weights costs, as an encoded file's metadata tells.
 *
 * @param encoding not {@link WeightEncoding#NONE}
 * @param originalDigest SHA-256 of the file in single precision, in hexadecimal digits
 * @param originalBytes its size
 * @param error the root of the mean square of the differences, divided by that of the weights
 * @param largestError the largest such figure of a single tensor
 */
public record EncodingCost(
    WeightEncoding encoding,
    String originalDigest,
    long originalBytes,
    double error,
    double largestError) {
  private static final String ENCODING = "encoding";
  private static final String DIGEST = "encoded-from";
  private static final String BYTES = "encoded-from-bytes";
  private static final String ERROR = "encoding-error";
  private static final String LARGEST = "encoding-largest-error";

  /** As texts of a file's metadata. */
  Map<String, String> metadata() {
    return Map.of(
        ENCODING, encoding.name(),
        DIGEST, originalDigest,
        BYTES, Long.toString(originalBytes),
        ERROR, Double.toString(error),
        LARGEST, Double.toString(largestError));
  }

  /**
   * What a file's metadata tells; empty if it is not encoded, or tells it in no way that is known.
   */
  public static Optional<EncodingCost> from(Map<String, String> metadata) {
    try {
      EncodingCost cost =
          new EncodingCost(
              WeightEncoding.valueOf(metadata.getOrDefault(ENCODING, "")),
              metadata.getOrDefault(DIGEST, ""),
              Long.parseLong(metadata.getOrDefault(BYTES, "")),
              Double.parseDouble(metadata.getOrDefault(ERROR, "")),
              Double.parseDouble(metadata.getOrDefault(LARGEST, "")));
      boolean told =
          cost.originalBytes > 0
              && cost.error >= 0
              && cost.largestError >= 0
              && Double.isFinite(cost.error)
              && Double.isFinite(cost.largestError);
      return told ? Optional.of(cost) : Optional.empty();
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }
}
