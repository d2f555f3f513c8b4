package io.neurograft.fusion.screen;

import io.neurograft.neural.attribution.Scores;
import io.neurograft.neural.network.NetworkSpec;
import io.neurograft.neural.network.Weights;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What the screening has to know of a member: little, so that members can be looked at one after
 * the other.
 */
public final class Portrait {
  private final String name;
  private final Map<String, Double> norms;
  private final Map<String, Double> scores;
  private final Optional<Sketch> sketch;
  private final Optional<Double> agreement;
  private final Optional<Double> before;

  private Portrait(
      String name,
      Map<String, Double> norms,
      Map<String, Double> scores,
      Optional<Sketch> sketch,
      Optional<Double> agreement,
      Optional<Double> before) {
    this.name = name;
    this.norms = norms;
    this.scores = scores;
    this.sketch = sketch;
    this.agreement = agreement;
    this.before = before;
  }

  /**
   * The portrait of a member.
   *
   * @param name of its site, no other member's
   * @param confusion (classes x classes): how many examples of class c, the row, it takes for class
   *     d; empty where there are no examples
   * @param classCounts how many examples of each class its site says it was trained on
   */
  public static Portrait ofMember(
      String name,
      NetworkSpec spec,
      Weights weights,
      Scores scores,
      Optional<long[][]> confusion,
      List<Long> classCounts) {
    return new Portrait(
        name,
        Norms.of(spec, weights),
        Norms.of(scores),
        Optional.of(Sketch.of(weights)),
        confusion.flatMap(c -> Agreement.of(c, classCounts)),
        Optional.empty());
  }

  /**
   * The portrait of what a site made of a model that all sites were given.
   *
   * @param before the model as it was given
   * @param confusionBefore the same counts for that model
   */
  public static Portrait ofTuned(
      String name,
      NetworkSpec spec,
      Weights weights,
      Weights before,
      Optional<long[][]> confusion,
      Optional<long[][]> confusionBefore,
      List<Long> classCounts) {
    return new Portrait(
        name,
        Norms.ofChange(spec, weights, before),
        Map.of(),
        Optional.empty(), // all are alike: they come from one model
        confusion.flatMap(c -> Agreement.of(c, classCounts)),
        confusionBefore.flatMap(c -> Agreement.of(c, classCounts)));
  }

  String name() {
    return name;
  }

  Map<String, Double> norms() {
    return norms;
  }

  Map<String, Double> scores() {
    return scores;
  }

  Optional<Double> agreement() {
    return agreement;
  }

  /** How the model that was fine-tuned agreed with the labels, on the same classes. */
  Optional<Double> before() {
    return before;
  }

  /** How alike the weights are to another's, from -1 to 1; 0 where that is not looked at. */
  double likeness(Portrait other) {
    return sketch.isPresent() && other.sketch.isPresent()
        ? sketch.get().cosine(other.sketch.get())
        : 0;
  }
}
