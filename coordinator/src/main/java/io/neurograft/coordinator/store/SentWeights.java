package io.neurograft.coordinator.store;

import io.neurograft.neural.network.WeightEncoding;
import java.util.Locale;

/**
 * What a site sent for the weights that it made.
 *
 * @param encoding the numbers that it sent them in
 * @param bytes of the artifact
 * @param originalBytes of the same weights in single precision
 * @param error by the encoding: the root of the mean square of the differences, divided by that of
 *     the weights
 * @param largestError the largest such figure of a single tensor
 */
public record SentWeights(
    WeightEncoding encoding, long bytes, long originalBytes, double error, double largestError) {
  /** In one column. */
  String column() {
    return String.format(
        Locale.ROOT, "%s %d %d %s %s", encoding, bytes, originalBytes, error, largestError);
  }

  static SentWeights parse(String column) {
    String[] words = column.split(" ", -1);
    return new SentWeights(
        WeightEncoding.valueOf(words[0]),
        Long.parseLong(words[1]),
        Long.parseLong(words[2]),
        Double.parseDouble(words[3]),
        Double.parseDouble(words[4]));
  }
}
