package io.neurograft.coordinator.run;

import io.neurograft.fusion.FusionMethod;
import io.neurograft.neural.config.ConfigNode;
import java.util.Optional;

/**
 * Where a run's methods get to know activations from: examples beside the coordinator, or the
 * sites.
 *
 * @param proxy the coordinator's examples
 * @param federated how the sites are asked
 */
record RunMoments(Optional<ProxyData> proxy, Optional<Federation> federated) {
  private static final String KEY = "moments";
  private static final String FEDERATED = "federated";
  private static final String PROXY = "proxy";

  static RunMoments from(ConfigNode root) {
    if (!root.has(KEY)) {
      return new RunMoments(Optional.empty(), Optional.empty());
    }
    if (root.value().get(KEY).isTextual()) {
      if (!root.text(KEY).equals(FEDERATED)) {
        root.fault(KEY, "expected federated, or a mapping with proxy or federated");
      }
      return new RunMoments(Optional.empty(), Optional.of(Federation.DEFAULT));
    }
    ConfigNode node = root.requiredSection(KEY);
    Optional<Federation> federated = node.section(FEDERATED).map(Federation::from);
    if (federated.isPresent() && node.has(PROXY)) {
      node.fault("expected proxy or federated, found both");
    }
    Optional<ProxyData> proxy =
        federated.isPresent() ? Optional.empty() : Optional.of(ProxyData.from(node));
    return new RunMoments(proxy, federated);
  }

  /** Notes a fault if a method needs what is not there. */
  void require(ConfigNode root, NamedMethod named) {
    FusionMethod method = named.method();
    if (method.needsExamples() && proxy.isEmpty()) {
      String start = root.has(KEY) ? "" : "is missing; ";
      root.fault(KEY, start + named.label() + " trains on examples: give yours as proxy");
    } else if (method.needsMoments() && proxy.isEmpty() && federated.isEmpty()) {
      root.fault(
          KEY,
          "is missing; "
              + named.label()
              + " needs activations: federated, or examples of yours as proxy");
    }
  }

  /** The method where none is said. */
  FusionMethod byDefault() {
    return proxy.isPresent() || federated.isPresent()
        ? new FusionMethod.Interpolate()
        : new FusionMethod.Transplant();
  }
}
