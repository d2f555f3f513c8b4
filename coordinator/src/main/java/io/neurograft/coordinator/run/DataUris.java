package io.neurograft.coordinator.run;

import io.neurograft.neural.config.ConfigNode;
import io.neurograft.neural.config.InvalidInputException;
import io.neurograft.neural.data.DataUri;

/** Checks data URIs where they stand in a document. */
final class DataUris {
  private DataUris() {}

  /** Notes the faults of a URI under a key; reads no data. */
  static void check(ConfigNode node, String key, String uri) {
    if (uri.isEmpty()) {
      return;
    }
    try {
      DataUri.check(uri);
    } catch (InvalidInputException e) {
      node.fault(key, String.valueOf(e.getMessage()));
    }
  }
}
