package io.neurograft.coordinator.run;

import io.neurograft.neural.attribution.ScoreMethod;
import io.neurograft.neural.config.ConfigNode;

/**
 * How the sites score the units of their members.
 *
 * @param examples how many of its examples a site uses at the most; at least 1
 * @param steps along the path, for methods that integrate; at least 1
 */
public record Scoring(ScoreMethod method, int examples, int steps) {
  /** What is used where nothing is said: conductance on 400 examples in 10 steps. */
  public static final Scoring DEFAULT = new Scoring(ScoreMethod.CONDUCTANCE, 400, 10);

  static Scoring from(ConfigNode node) {
    return new Scoring(
        node.choice("method", ScoreMethod.class, DEFAULT.method),
        (int) node.integerOr("examples", 1, 10_000_000, DEFAULT.examples),
        (int) node.integerOr("steps", 1, 1000, DEFAULT.steps));
  }
}
