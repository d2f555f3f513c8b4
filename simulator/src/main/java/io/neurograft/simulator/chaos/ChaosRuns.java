package io.neurograft.simulator.chaos;

import java.util.List;

/**
 * What is run: small networks over drawn digits, by every way in which sites and coordinator meet.
 */
final class ChaosRuns {
  /** So long that only a run that hangs meets it. */
  private static final String COMMON =
      """
      name: %s
      network: {family: mlp, widths: [16], classes: 10, input: {shape: [1, 28, 28], mean: [0.146], std: [0.279]}}
      sites: {minimum: %d, wait: 1h}
      training: {learning-rate: 0.05, momentum: 0.9, batch-size: 16, epochs: 2}
      scores: {method: conductance, examples: 40, steps: 2}
      deadline: 1h
      """;

  private static final String MASKED =
      """
      methods: [transplant, interpolate]
      moments: {federated: {secure: true}}
      fine-tuning: {rounds: 2, epochs: 1, learning-rate: 0.01}
      seed: 7
      """;

  private static final String PLAIN =
      """
      methods: [average, {interpolate: {grouping: kmeans}}]
      moments: {federated: {secure: false}}
      fine-tuning: {rounds: 1, epochs: 1, learning-rate: 0.01}
      seed: 8
      """;

  private static final String PROXY =
      """
      methods: [interpolate, ot, rebasin]
      moments: {proxy: "glyphs?train=300&test=100", samples: 300}
      evaluation: "glyphs?train=300&test=100"
      fine-tuning: {rounds: 1, epochs: 1, learning-rate: 0.01}
      seed: 9
      """;

  private static final List<String> KINDS = List.of("masked", "plain", "proxy");

  private ChaosRuns() {}

  /** The kinds of runs, in the order in which they come up. */
  static List<String> kinds() {
    return KINDS;
  }

  /** A run's specification. */
  static String specification(String kind, String name, int sites) {
    String own =
        switch (kind) {
          case "masked" -> MASKED;
          case "plain" -> PLAIN;
          default -> PROXY;
        };
    return COMMON.formatted(name, sites) + own;
  }
}
