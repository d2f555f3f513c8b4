package io.neurograft.coordinator.run;

import java.util.Comparator;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * The choice of the model to publish.
 *
 * @param reason why it was chosen, in one line
 */
record Choice(ModelKey model, String reason) {
  /** The higher accuracy first, then the lower loss; models that nobody judged come last. */
  private static final Comparator<Optional<Score>> BETTER =
      Comparator.<Optional<Score>>comparingDouble(
              score -> -score.map(Score::accuracy).orElse(Double.NEGATIVE_INFINITY))
          .thenComparingDouble(score -> score.map(Score::loss).orElse(Double.POSITIVE_INFINITY));

  /**
   * Chooses among the models of all methods and rounds, since fine-tuning can also lose: the one of
   * the highest accuracy, then of the lowest loss, then the latest, then the first named.
   */
  static Choice of(RunRules rules, Map<ModelKey, Score> scores, int lastRound) {
    ModelKey best = new ModelKey(rules.methods().get(0), lastRound);
    for (int round = lastRound; round >= 0; round--) {
      for (String method : rules.methods()) {
        ModelKey model = new ModelKey(method, round);
        if (BETTER.compare(score(scores, model), score(scores, best)) < 0) {
          best = model;
        }
      }
    }
    String grade =
        score(scores, best)
            .map(score -> String.format(Locale.ROOT, "accuracy %.4f", score.accuracy()))
            .orElse("no site held back examples to judge by");
    String made = best.round() == 0 ? " as fused" : " after round " + best.round();
    return new Choice(
        best, "the model of " + best.method() + made + " is published (" + grade + ")");
  }

  private static Optional<Score> score(Map<ModelKey, Score> scores, ModelKey model) {
    return Optional.ofNullable(scores.get(model));
  }
}
