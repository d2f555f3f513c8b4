package io.neurograft.client.preflight;

import io.neurograft.client.config.NodeConfig;
import io.neurograft.client.task.SiteData;
import io.neurograft.neural.config.InvalidInputException;
import io.neurograft.neural.data.Dataset;
import java.util.Arrays;
import java.util.Optional;

/** Reads a site's examples as its node does. What is told are counts, never an example. */
final class DataCheck {
  private static final String MEND =
      "compare data: uri: in the configuration with where the files are; the node's user has to be"
          + " able to read them";

  private DataCheck() {}

  /**
   * What was read.
   *
   * @param data held for the check of memory; empty where it cannot be read
   */
  record Read(Finding finding, Optional<SiteData> data) {}

  static Read read(NodeConfig config) {
    try {
      SiteData data = SiteData.open(config.data());
      return new Read(judge(data, config.guards().minimumRows()), Optional.of(data));
    } catch (InvalidInputException e) {
      return new Read(Finding.failed(String.valueOf(e.getMessage()), MEND), Optional.empty());
    }
  }

  private static Finding judge(SiteData data, long minimumRows) {
    Dataset training = data.training();
    long[] counts = training.classCounts();
    long empty = Arrays.stream(counts).filter(count -> count == 0).count();
    String found =
        "%d examples to train on, %d held back; %d classes%s; shape %s"
            .formatted(
                training.size(),
                data.heldBack().size(),
                counts.length,
                empty == 0 ? "" : ", " + empty + " of them without an example",
                training.shape());
    return training.size() < minimumRows
        ? Finding.warning(
            found,
            "guards.minimum-rows is "
                + minimumRows
                + ": with fewer examples the site answers no question of a federated fusion")
        : Finding.passed(found);
  }
}
