package io.neurograft.neural.collection;

import ai.djl.ndarray.NDManager;
import io.neurograft.neural.moments.AffineRows;
import io.neurograft.neural.moments.FitStep;
import io.neurograft.neural.moments.FitSteps;
import io.neurograft.neural.moments.Gram;
import io.neurograft.neural.moments.LevelBudget;
import io.neurograft.neural.moments.MomentSettings;
import io.neurograft.neural.moments.Projection;
import io.neurograft.neural.moments.SecondMoments;
import io.neurograft.neural.moments.TargetMoments;
import io.neurograft.neural.network.NetworkSpec;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What moments a fusion asks for look like: how many numbers they are, and sums of no examples yet.
 * Sites and coordinator derive it from the same networks.
 */
public final class MomentShapes {
  private final NetworkSpec target;
  private final List<NetworkSpec> members;
  private final List<FitStep> steps;
  private final LevelBudget budget;

  /**
   * Moments of inputs as they are.
   *
   * @param target the fused network
   * @param members of the same chain of levels
   */
  public MomentShapes(NetworkSpec target, List<NetworkSpec> members) {
    this(target, List.copyOf(members), FitSteps.of(target), LevelBudget.NONE);
  }

  /** Moments of a fusion whose members, so many, are all of the fused network's specification. */
  public MomentShapes(NetworkSpec network, int members) {
    this(network, Collections.nCopies(members, network));
  }

  private MomentShapes(
      NetworkSpec target, List<NetworkSpec> members, List<FitStep> steps, LevelBudget budget) {
    this.target = target;
    this.members = members;
    this.steps = steps;
    this.budget = budget;
  }

  /** The same moments, with inputs projected where S would be over the budget. */
  public MomentShapes within(LevelBudget most) {
    return new MomentShapes(target, members, steps, most);
  }

  /** The steps of the fused network. */
  public List<FitStep> steps() {
    return steps;
  }

  /** The classes of the fused network. */
  public int classes() {
    return target.classes();
  }

  /** The members' units at a step, all together: N. */
  public int units(FitStep step) {
    return members.stream().mapToInt(m -> m.groups().get(step.group()).units()).sum();
  }

  /**
   * How many questions a fusion asks, if no step has to be asked for again.
   *
   * @param refinements how often a rectified step is fitted again
   */
  public static int questions(NetworkSpec target, int refinements) {
    List<FitStep> steps = FitSteps.of(target);
    long rectified = steps.stream().filter(FitStep::rectified).count();
    return Math.toIntExact(1 + steps.size() + refinements * rectified);
  }

  /** The fused network's units at a step: n. */
  public int fusedUnits(FitStep step) {
    return target.groups().get(step.group()).units();
  }

  /** The columns of a step's inputs as they are fitted, without the ones: p, or q. */
  public int columns(int step) {
    FitStep at = steps.get(step);
    return budget.fits(at)
        ? AffineRows.columns(at)
        : budget.columns(at).stream().mapToInt(Integer::intValue).sum();
  }

  /**
   * The group whose units are all that the classes are made of, if it is read at one place: only
   * there can its Gram matrix have the one-hot labels behind the units.
   */
  public OptionalInt labelled() {
    int group = steps.size() < 2 ? classGroup() : steps.get(steps.size() - 2).group();
    return group != classGroup() && target.groups().get(group).places().size() == 1
        ? OptionalInt.of(group)
        : OptionalInt.empty();
  }

  /**
   * Gram matrices of no examples, by their groups.
   *
   * @param labels whether labels stand behind the units of the {@link #labelled} group
   */
  public SortedMap<Integer, Gram> grams(boolean labels, MomentSettings settings, NDManager scope) {
    SortedMap<Integer, Gram> grams = new TreeMap<>();
    for (FitStep step : steps) {
      if (step.group() != classGroup()) {
        grams.computeIfAbsent(
            step.group(), group -> new Gram(gramColumns(step, labels), settings.products(), scope));
      }
    }
    return grams;
  }

  private int gramColumns(FitStep step, boolean labels) {
    boolean beside = labels && labelled().equals(OptionalInt.of(step.group()));
    return units(step) + (beside ? target.classes() : 0);
  }

  /** The numbers of all Gram matrices. */
  public long gramNumbers(boolean labels) {
    return steps.stream()
        .filter(step -> step.group() != classGroup())
        .mapToInt(FitStep::group)
        .distinct()
        .mapToLong(group -> Gram.numbers(gramColumns(ofGroup(group), labels)))
        .sum();
  }

  /**
   * A step's moments of no examples.
   *
   * @param projection of the inputs, where they are projected
   */
  public StepMoments step(
      int step,
      Clusters clusters,
      Optional<Projection> projection,
      MomentSettings settings,
      NDManager scope) {
    return moments(step, clusters, targets(step, clusters), projection, settings, scope);
  }

  /** The numbers of a step's moments. */
  public long stepNumbers(int step, Clusters clusters) {
    return SecondMoments.numbers(columns(step), targets(step, clusters))
        + Deviations.numbers(clusters);
  }

  /** A refinement's moments of no examples. */
  public TargetMoments refinement(
      int step, Clusters clusters, MomentSettings settings, NDManager scope) {
    return new TargetMoments(columns(step), targets(step, clusters), settings, scope);
  }

  /** The numbers of a refinement's moments. */
  public long refinementNumbers(int step, Clusters clusters) {
    return TargetMoments.numbers(columns(step), targets(step, clusters));
  }

  /**
   * The last step's moments of no examples.
   *
   * @param projection of the inputs, where they are projected
   */
  public StepMoments head(
      Clusters classes, Optional<Projection> projection, MomentSettings settings, NDManager scope) {
    return moments(steps.size() - 1, classes, headTargets(), projection, settings, scope);
  }

  /** The numbers of the last step's moments. */
  public long headNumbers(Clusters classes) {
    return SecondMoments.numbers(columns(steps.size() - 1), headTargets())
        + Deviations.numbers(classes);
  }

  private StepMoments moments(
      int step,
      Clusters clusters,
      int targets,
      Optional<Projection> projection,
      MomentSettings settings,
      NDManager scope) {
    return new StepMoments(
        new SecondMoments(columns(step), targets, settings, scope),
        new Deviations(clusters),
        projection);
  }

  private int targets(int step, Clusters clusters) {
    FitStep at = steps.get(step);
    return at.targets().size() * clusters.count() * at.stride();
  }

  /** Labels, logits, and the sum of the logits. */
  private int headTargets() {
    return 2 * target.classes() + 1;
  }

  private FitStep ofGroup(int group) {
    return steps.stream().filter(step -> step.group() == group).findFirst().orElseThrow();
  }

  private int classGroup() {
    return steps.get(steps.size() - 1).group();
  }
}
