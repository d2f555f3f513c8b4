package io.neurograft.neural.exchange;

import io.neurograft.neural.collection.ClassWeights;
import io.neurograft.neural.collection.Clusters;
import io.neurograft.neural.collection.MomentShapes;
import java.util.Optional;

/**
 * What a fusion asks of every site at once.
 *
 * @param step the step it is about; -1 for Gram matrices
 * @param clusters the cluster matrix over the members' units at the step; empty for Gram matrices
 * @param plan what all questions of the fusion have in common
 * @param masking how answers are masked; empty where each can be read
 * @param weights how much examples count in the answer to a head
 */
public record Question(
    Kind kind,
    int step,
    Optional<Clusters> clusters,
    Plan plan,
    Optional<Masking> masking,
    ClassWeights weights) {

  /** What is asked for. */
  public enum Kind {
    /** The Gram matrices of all groups of the members' units. */
    GRAMS,
    /** The moments of a step's inputs and targets. */
    STEP,
    /** The moments of a rectified step's targets, refined by what it was fitted to. */
    REFINEMENT,
    /** The moments of the last step's inputs, of the labels and of the members' logits. */
    HEAD
  }

  /** The Gram matrices of all groups. */
  public static Question grams(Plan plan) {
    return new Question(
        Kind.GRAMS, -1, Optional.empty(), plan, Optional.empty(), ClassWeights.NONE);
  }

  /** A question about one step. */
  public static Question of(Kind kind, int step, Clusters clusters, Plan plan) {
    return new Question(
        kind, step, Optional.of(clusters), plan, Optional.empty(), ClassWeights.NONE);
  }

  /** The same question, its answers masked. */
  public Question masked(Masking among) {
    return new Question(kind, step, clusters, plan, Optional.of(among), weights);
  }

  /** The same question, with examples that count by their classes. */
  public Question weighted(ClassWeights by) {
    return new Question(kind, step, clusters, plan, masking, by);
  }

  /** Whether an answer depends on the examples' labels. */
  public boolean seesLabels() {
    return kind == Kind.HEAD || (kind == Kind.GRAMS && plan.grams().labels());
  }

  /** How many numbers an answer holds. */
  public long numbers(MomentShapes shapes) {
    MomentShapes within = shapes.within(plan.budget());
    return switch (kind) {
      case GRAMS -> within.gramNumbers(plan.grams().labels());
      case STEP -> within.stepNumbers(step, clusters.orElseThrow());
      case REFINEMENT -> within.refinementNumbers(step, clusters.orElseThrow());
      case HEAD -> within.headNumbers(clusters.orElseThrow());
    };
  }

  @Override
  public String toString() {
    return switch (kind) {
      case GRAMS -> "Gram matrices";
      case STEP -> "step " + step;
      case REFINEMENT -> "refinement of step " + step;
      case HEAD -> "head";
    };
  }
}
