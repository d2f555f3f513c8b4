package io.neurograft.fusion;

import io.neurograft.neural.network.NetworkSpec;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * Where a fused network comes from, as texts that travel in its weights file: enough to know which
 * members it was made of, and to make it again.
 */
public final class Provenance {
  private Provenance() {}

  /**
   * The metadata of a fused file.
   *
   * @param data what the moments were collected from; empty where there were none
   * @param version the software's
   */
  public static Map<String, String> of(
      FusionReport report, NetworkSpec network, String data, String version) {
    Map<String, String> metadata = new TreeMap<>();
    metadata.put("neurograft.version", version);
    metadata.put("neurograft.network", network.toYaml());
    metadata.put("neurograft.method", report.method());
    metadata.put(
        "neurograft.parameters",
        report.parameters().entrySet().stream()
            .map(entry -> entry.getKey() + ": " + entry.getValue())
            .sorted()
            .collect(Collectors.joining(", ", "{", "}")));
    metadata.put(
        "neurograft.members",
        report.members().stream()
            .map(member -> member.name() + " sha256:" + member.digest())
            .collect(Collectors.joining("\n")));
    metadata.put("neurograft.seed", Long.toString(report.seed()));
    metadata.put("neurograft.data", data);
    return metadata;
  }
}
