package io.neurograft.fusion.interpolate;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import io.neurograft.fusion.interpolate.Grouping.Grouped;
import io.neurograft.neural.PhaseTimes;
import io.neurograft.neural.Progress;
import io.neurograft.neural.attribution.Scores;
import io.neurograft.neural.collection.ClassWeights;
import io.neurograft.neural.collection.Clusters;
import io.neurograft.neural.collection.Grams;
import io.neurograft.neural.collection.LostExamplesException;
import io.neurograft.neural.collection.MomentCollection;
import io.neurograft.neural.collection.StepMoments;
import io.neurograft.neural.moments.AffineRows;
import io.neurograft.neural.moments.FitStep;
import io.neurograft.neural.moments.FitSteps;
import io.neurograft.neural.moments.Gram;
import io.neurograft.neural.moments.TargetMoments;
import io.neurograft.neural.network.Network;
import io.neurograft.neural.network.NetworkSpec;
import io.neurograft.neural.network.UnitGroup;
import io.neurograft.neural.network.Weights;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.DoubleStream;
import java.util.stream.Stream;

/**
 * Neuron interpolation (NI section 3, section 4 of the design): all unit groups are grouped, then
 * the network is fitted step by step, each step on those before it.
 *
 * @param grouping how the members' units become the fused network's
 * @param head what the last step is fitted to; for shares the scores of the classes are these
 * @param ridge how much fits are damped
 * @param refinements how often a step in front of a rectifier is fitted again, to targets that are
 *     free where the rectifier hides them; each time a bound on the squared error behind the
 *     rectifier shrinks, the damping apart
 * @param training what trains each level once its steps are fitted; empty where the closed form
 *     stays
 * @param weights how much examples count in the fit of a head to labels
 */
public record Interpolation(
    Grouping grouping,
    Head head,
    Ridge ridge,
    int refinements,
    Optional<GradientFit> training,
    ClassWeights weights) {

  /** In closed form alone. */
  public Interpolation(Grouping grouping, Head head, Ridge ridge, int refinements) {
    this(grouping, head, ridge, refinements, Optional.empty());
  }

  /** With all examples the same. */
  public Interpolation(
      Grouping grouping, Head head, Ridge ridge, int refinements, Optional<GradientFit> training) {
    this(grouping, head, ridge, refinements, training, ClassWeights.NONE);
  }

  /**
   * A fused network's weights and how well each step was fused.
   *
   * @param weights the caller's to close
   * @param clusters the cluster matrix of each group, without the classes' where these are fitted
   *     to labels
   */
  public record Result(Weights weights, List<StepReport> steps, List<Clusters> clusters) {}

  /**
   * Fuses.
   *
   * @param target the fused network's specification
   * @param members networks of the same layers; widths may differ unless units are matched one to
   *     one
   * @param scores each member's scores: importance of its units, and of its classes for the head
   * @param seed of the weights that no step sets
   * @throws io.neurograft.neural.config.InvalidInputException if the network has a layer that no
   *     fit can set
   */
  public Result fuse(
      NetworkSpec target,
      List<Network> members,
      List<Scores> scores,
      MomentSource source,
      long seed,
      NDManager parent,
      PhaseTimes phases,
      Progress progress) {
    List<FitStep> steps = FitSteps.of(target);
    Weights weights = Weights.initialise(target, seed, parent);
    try (NDManager scope = parent.newSubManager();
        MomentCollection moments =
            source.begin(new MomentSource.Request(target, members, grams(), scope, phases))) {
      progress.report(0, "running the members");
      List<Gram> grams = moments.grams();
      progress.report(0.3, "grouping");
      Optional<MovedWeights> moved =
          steps.stream().allMatch(moments.budget()::fits)
              ? Optional.empty()
              : Optional.of(new MovedWeights(members, scope));
      List<Grouped> groups =
          phases.time("grouping", () -> group(target, steps, grams, scores, moved, scope));
      List<StepReport> reports = new ArrayList<>();
      Network fused = new Network(target, weights);
      for (FitStep step : steps) {
        double done = 0.4 + 0.6 * step.index() / steps.size();
        progress.report(done, "fitting level " + step.level());
        StepReport report =
            fitted(
                fused,
                step,
                moved,
                groups,
                scores,
                moments,
                phases,
                why -> progress.report(done, why));
        if (training.isPresent() && endsLevel(steps, step)) {
          report = train(fused, members, step, groups, scores, report, phases);
          moments.refitted();
        }
        reports.add(report);
      }
      progress.report(1, "fused");
      return new Result(weights, List.copyOf(reports), clusters(target, groups, scores));
    } catch (RuntimeException e) {
      weights.close();
      throw e;
    }
  }

  /** A selection sees the labels that the head is fitted to. */
  private Grams grams() {
    boolean labels = grouping == Grouping.SELECT && head == Head.LABELS;
    return new Grams(grouping.activated(), labels);
  }

  private List<Grouped> group(
      NetworkSpec target,
      List<FitStep> steps,
      List<Gram> grams,
      List<Scores> scores,
      Optional<MovedWeights> moved,
      NDManager scope) {
    List<UnitGroup> units = target.groups();
    List<Grouped> groups = new ArrayList<>();
    for (int group = 0; group < grams.size(); group++) {
      try (NDArray matrix = grams.get(group).matrix(scope)) {
        Factor.diagonal(matrix).addi(grams.get(group).damping());
        double[] importance = weights(scores, group);
        int count = units.get(group).units();
        boolean labels = grams.get(group).columns() > importance.length;
        Grouped grouped =
            labels
                ? Selection.labelled(matrix.toDoubleArray(), importance, count)
                : of(steps, group).group(matrix.toDoubleArray(), importance, count);
        moved.ifPresent(weights -> weights.add(grouped.clusters(), matrix));
        groups.add(grouped);
      }
      grams.get(group).close();
    }
    return groups;
  }

  /**
   * How a group is grouped. Heads are always selected: what a head gives is no linear function of
   * its queries and keys, so the mean of two heads is no head.
   */
  private Grouping of(List<FitStep> steps, int group) {
    return steps.stream()
            .anyMatch(step -> step.group() == group && step.kind() == FitStep.Kind.HEADS)
        ? Grouping.SELECT
        : grouping;
  }

  /** Fits a step; again from the start if examples are lost on the way. */
  private StepReport fitted(
      Network fused,
      FitStep step,
      Optional<MovedWeights> moved,
      List<Grouped> groups,
      List<Scores> scores,
      MomentCollection source,
      PhaseTimes phases,
      Consumer<String> again) {
    while (true) {
      if (moved.isPresent() && !source.budget().fits(step)) {
        double[] importance = weights(scores, step.group());
        Clusters clusters = clusters(step, groups, importance, fused.spec());
        moved.get().write(step, clusters, fused.weights());
      }
      try {
        return fit(fused, step, groups, scores, source, phases);
      } catch (LostExamplesException lost) {
        again.accept("again without some sites: " + lost.getMessage());
      }
    }
  }

  private StepReport fit(
      Network fused,
      FitStep step,
      List<Grouped> groups,
      List<Scores> scores,
      MomentCollection source,
      PhaseTimes phases) {
    boolean last = step.group() == groups.size();
    boolean labels = last && head == Head.LABELS;
    double[] importance = weights(scores, step.group());
    Clusters clusters = clusters(step, groups, importance, fused.spec());
    double damping =
        labels ? ridge.forLabels(source.examples()) : ridge.forUnits(source.examples());
    try (StepMoments moments =
            last
                ? source.head(fused, clusters, weights)
                : source.step(fused, step.index(), clusters);
        StepFit fit =
            phases.time("solve", () -> new StepFit(step, fused.weights(), moments, damping))) {
      int again = step.rectified() ? refinements : 0;
      double[] errors =
          last
              ? phases.time("solve", () -> fit.fitHead(head))
              : fit(
                  fit,
                  moments.fit().targets(),
                  again,
                  () -> source.refinement(fused, step.index(), clusters),
                  phases);
      double[] masses = labels ? ones(clusters.count()) : clusters.masses(importance);
      return new StepReport(
          step.index(),
          step.place(),
          step.group(),
          clusters.count(),
          1 + AffineRows.columns(step),
          moments.fit().inputs().columns(),
          moments.fit().rows(),
          again,
          labels ? 0 : moments.deviations().weighted(importance),
          weighted(errors, masses, step.stride()),
          last || !clusters.single() ? 0 : groups.get(step.group()).error());
    }
  }

  /** The squared error of each target. */
  private static double[] fit(
      StepFit fit,
      TargetMoments targets,
      int refinements,
      Supplier<TargetMoments> refinement,
      PhaseTimes phases) {
    NDArray w = phases.time("solve", () -> fit.fit(targets));
    for (int i = 0; i < refinements; i++) {
      w.close();
      try (TargetMoments refined = refinement.get()) {
        w = phases.time("solve", () -> fit.fit(refined));
      }
    }
    NDArray last = w;
    return phases.time("solve", () -> fit.errors(last));
  }

  private static boolean endsLevel(List<FitStep> steps, FitStep step) {
    int next = step.index() + 1;
    return next == steps.size() || steps.get(next).level() > step.level();
  }

  private StepReport train(
      Network fused,
      List<Network> members,
      FitStep step,
      List<Grouped> groups,
      List<Scores> scores,
      StepReport closed,
      PhaseTimes phases) {
    double[] importance = weights(scores, step.group());
    Clusters clusters = clusters(step, groups, importance, fused.spec());
    boolean labels = step.group() == groups.size() && head == Head.LABELS;
    LevelTargets targets = new LevelTargets(members, step, clusters, importance, labels);
    return phases.time("train", () -> training.orElseThrow().fit(fused, targets, closed));
  }

  /** The cluster matrices of all groups that are made of the members' units. */
  private List<Clusters> clusters(NetworkSpec target, List<Grouped> groups, List<Scores> scores) {
    Stream<Clusters> units = groups.stream().map(Grouped::clusters);
    return head == Head.LABELS
        ? units.toList()
        : Stream.concat(units, Stream.of(classes(weights(scores, groups.size()), target))).toList();
  }

  /** The cluster matrix at a step: that of its group, or of the classes. */
  private static Clusters clusters(
      FitStep step, List<Grouped> groups, double[] importance, NetworkSpec target) {
    return step.group() == groups.size()
        ? classes(importance, target)
        : groups.get(step.group()).clusters();
  }

  /** The targets' errors, weighted by the importance of their units. */
  private static double weighted(double[] errors, double[] masses, int stride) {
    double sum = 0;
    for (int target = 0; target < errors.length; target++) {
      sum += masses[target / stride % masses.length] * errors[target];
    }
    return sum;
  }

  /** The members' logits of a class are one cluster, weighted by their head scores. */
  private static Clusters classes(double[] importance, NetworkSpec target) {
    int[] cluster = new int[importance.length];
    Arrays.setAll(cluster, unit -> unit % target.classes());
    return Clusters.weighted(cluster, importance, target.classes());
  }

  /** One group's scores of all members (N). */
  private static double[] weights(List<Scores> scores, int group) {
    return scores.stream().flatMapToDouble(s -> DoubleStream.of(s.group(group))).toArray();
  }

  private static double[] ones(int size) {
    double[] ones = new double[size];
    Arrays.fill(ones, 1);
    return ones;
  }
}
