package io.neurograft.fusion.interpolate;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import io.neurograft.fusion.interpolate.Grouping.Grouped;
import io.neurograft.neural.Progress;
import io.neurograft.neural.attribution.Scores;
import io.neurograft.neural.config.Fault;
import io.neurograft.neural.config.InvalidInputException;
import io.neurograft.neural.moments.Gram;
import io.neurograft.neural.moments.SecondMoments;
import io.neurograft.neural.network.BatchNorm;
import io.neurograft.neural.network.LayerSpec;
import io.neurograft.neural.network.Network;
import io.neurograft.neural.network.NetworkSpec;
import io.neurograft.neural.network.Weights;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.DoubleStream;

/**
 * Neuron interpolation (NI section 3, section 4 of the design): all levels are grouped, then fitted
 * in order, each on the levels fitted before it.
 *
 * @param grouping how the members' units become the fused network's
 * @param head what the last level is fitted to
 * @param ridge the fit's regularisation, as a part of the mean squared input; 0 or more
 */
public record Interpolation(Grouping grouping, Head head, double ridge) {

  /**
   * A fused network's weights and how well each level was fused.
   *
   * @param weights the caller's to close
   */
  public record Result(Weights weights, List<LevelReport> levels) {}

  /**
   * Fuses.
   *
   * @param target the fused network's specification
   * @param members networks of the same chain of levels; widths may differ
   * @param scores each member's scores: importance of its units, and of its classes for the head
   * @param seed decides between equally good starts of the grouping
   * @throws InvalidInputException if the network is no chain, or a level has a batchnorm that does
   *     not follow its affine map
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
    requireFittable(target);
    Weights weights = Weights.initialise(target, seed, parent);
    try (NDManager scope = parent.newSubManager();
        MomentSource.Collection moments =
            source.begin(
                new MomentSource.Request(target, members, grouping.activated(), scope, phases))) {
      progress.report(0, "running the members");
      List<Gram> grams = moments.grams();
      progress.report(0.3, "grouping");
      List<Grouped> groups =
          phases.time("grouping", () -> group(target, grams, scores, seed, scope));
      List<LevelReport> reports = new ArrayList<>();
      Network fused = new Network(target, weights);
      for (int level = 0; level < target.levelCount(); level++) {
        progress.report(0.4 + 0.6 * level / target.levelCount(), "fitting level " + level);
        reports.add(fit(fused, level, groups, scores, moments, phases));
      }
      progress.report(1, "fused");
      return new Result(weights, List.copyOf(reports));
    } catch (RuntimeException e) {
      weights.close();
      throw e;
    }
  }

  private List<Grouped> group(
      NetworkSpec target, List<Gram> grams, List<Scores> scores, long seed, NDManager scope) {
    List<Grouped> groups = new ArrayList<>();
    for (int level = 0; level < grams.size(); level++) {
      try (NDArray matrix = grams.get(level).matrix(scope)) {
        double[] gram = matrix.toDoubleArray();
        groups.add(grouping.group(gram, weights(scores, level), target.units(level), seed + level));
      }
      grams.get(level).close();
    }
    return groups;
  }

  private LevelReport fit(
      Network fused,
      int level,
      List<Grouped> groups,
      List<Scores> scores,
      MomentSource.Collection source,
      PhaseTimes phases) {
    boolean last = level == groups.size();
    double[] importance = weights(scores, level);
    Clusters clusters = last ? classes(importance, fused.spec()) : groups.get(level).clusters();
    try (SecondMoments moments =
        last ? source.head(fused, clusters) : source.level(fused, level, clusters)) {
      LevelFit fit = new LevelFit(fused.spec(), level, fused.weights());
      double[] errors =
          phases.time(
              "solve", () -> last ? fit.fitHead(moments, head, ridge) : fit.fit(moments, ridge));
      boolean labels = last && head == Head.LABELS;
      double[] masses = labels ? ones(errors.length) : clusters.masses(importance);
      double approximation = 0;
      for (int unit = 0; unit < errors.length; unit++) {
        approximation += masses[unit] * errors[unit];
      }
      return new LevelReport(
          level,
          errors.length,
          (int) moments.cross().getShape().get(0),
          moments.rows(),
          last ? 0 : groups.get(level).error(),
          approximation);
    }
  }

  /** The members' logits of a class are one cluster, weighted by their head scores. */
  private static Clusters classes(double[] importance, NetworkSpec target) {
    int[] cluster = new int[importance.length];
    Arrays.setAll(cluster, unit -> unit % target.classes());
    return Clusters.weighted(cluster, importance, target.classes());
  }

  /** One level's scores of all members (N). */
  private static double[] weights(List<Scores> scores, int level) {
    return scores.stream().flatMapToDouble(s -> DoubleStream.of(s.group(level))).toArray();
  }

  private static double[] ones(int size) {
    double[] ones = new double[size];
    Arrays.fill(ones, 1);
    return ones;
  }

  /**
   * A batchnorm is set from the affine map before it; nothing says what one elsewhere should do.
   */
  private static void requireFittable(NetworkSpec target) {
    if (!target.isChain()) {
      throw new InvalidInputException(
          "network", "interpolation needs levels of one conv or linear layer each, no residuals");
    }
    List<Fault> faults = new ArrayList<>();
    for (int level = 0; level < target.levelCount(); level++) {
      List<LayerSpec> layers = target.levels().get(level);
      for (int i = 0; i < layers.size(); i++) {
        if (layers.get(i) instanceof BatchNorm && i != target.affineLayer(level) + 1) {
          faults.add(
              new Fault(
                  "levels[" + level + "][" + i + "].batchnorm",
                  "interpolation needs a batchnorm right behind a conv or linear layer"));
        }
      }
    }
    if (!faults.isEmpty()) {
      throw new InvalidInputException("network", faults);
    }
  }
}
