package io.neurograft.simulator.bench;

import io.neurograft.neural.config.InvalidInputException;
import io.neurograft.neural.data.DataUri;
import io.neurograft.neural.data.Dataset;
import io.neurograft.neural.data.Split;
import java.util.List;
import java.util.Optional;

/**
 * The two splits of a case's data.
 *
 * @param train members, moments and scores come from it
 * @param test every accuracy comes from it
 */
record CaseData(Dataset train, Dataset test) {
  /**
   * Opens a case's data.
   *
   * @param name a data URI, or the scheme of one of those given
   * @param given the user's data URIs
   * @return empty where the name needs a folder and no URI was given for it
   * @throws InvalidInputException if the data cannot be read
   */
  static Optional<CaseData> open(String name, List<String> given) {
    Optional<String> uri =
        given.stream().filter(candidate -> candidate.startsWith(name + ":")).findFirst();
    if (uri.isEmpty() && needsFolder(name)) {
      return Optional.empty();
    }
    String source = uri.orElse(name);
    return Optional.of(
        new CaseData(DataUri.open(source, Split.TRAIN), DataUri.open(source, Split.TEST)));
  }

  private static boolean needsFolder(String name) {
    return !name.contains(":") && !name.startsWith("glyphs");
  }
}
