package io.neurograft.coordinator.run;

import io.neurograft.neural.attribution.ScoreMethod;
import io.neurograft.neural.config.ConfigNode;

/**
 * How the sites score the units of their members.
 *
 * @param examples how many of its examples a site uses at the most; at least 1
 * @param steps along the path, for methods that integrate; at least 1
 * @param normalised whether the coordinator scales each member's scores to a sum of 1 in every
 *     group before it fuses by them
 */
public record Scoring(ScoreMethod method, int examples, int steps, boolean normalised) {
  /** What is used where nothing is said: conductance on 400 examples in 10 steps, as they are. */
  public static final Scoring DEFAULT = new Scoring(ScoreMethod.CONDUCTANCE, 400, 10, false);

  /** What a fused file says of its members' scores. */
  public String text() {
    String taken = method == ScoreMethod.UNIFORM ? "" : ", up to %d examples".formatted(examples);
    return method.text(steps) + taken + (normalised ? ", normalised" : "");
  }

  static Scoring from(ConfigNode node) {
    return new Scoring(
        node.choice("method", ScoreMethod.class, DEFAULT.method),
        (int) node.integerOr("examples", 1, 10_000_000, DEFAULT.examples),
        (int) node.integerOr("steps", 1, 1000, DEFAULT.steps),
        node.flag("normalised", DEFAULT.normalised));
  }
}
