package io.neurograft.coordinator.run;

import io.neurograft.neural.config.ConfigNode;

/**
 * The coordinator's own data, that moments are taken from and that networks are distilled on.
 *
 * @param uri the data
 * @param samples how many of its training examples are used at the most; at least 1
 */
public record ProxyData(String uri, int samples) {
  private static final int SAMPLES = 2000;

  static ProxyData from(ConfigNode node) {
    String uri = node.text("proxy");
    DataUris.check(node, "proxy", uri);
    return new ProxyData(uri, (int) node.integerOr("samples", 1, 100_000_000, SAMPLES));
  }
}
