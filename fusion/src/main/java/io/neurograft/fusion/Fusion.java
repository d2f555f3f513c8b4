package io.neurograft.fusion;

import ai.djl.ndarray.NDManager;
import io.neurograft.fusion.baseline.Averaging;
import io.neurograft.fusion.baseline.Distillation;
import io.neurograft.fusion.baseline.OptimalTransport;
import io.neurograft.fusion.baseline.WeightMatching;
import io.neurograft.fusion.interpolate.GradientFit;
import io.neurograft.fusion.interpolate.Head;
import io.neurograft.fusion.interpolate.Interpolation;
import io.neurograft.fusion.interpolate.PhaseTimes;
import io.neurograft.fusion.interpolate.StepReport;
import io.neurograft.fusion.transplant.Transplantation;
import io.neurograft.neural.Progress;
import io.neurograft.neural.attribution.Scores;
import io.neurograft.neural.network.Network;
import io.neurograft.neural.network.NetworkSpec;
import io.neurograft.neural.network.Weights;
import java.util.List;
import java.util.Optional;
import java.util.function.LongSupplier;

/**
 * Makes one network of several members. The same members, method, moments and seed give the same
 * weights, bit for bit on the same number of threads.
 */
public final class Fusion {
  private final LongSupplier nanoTime;

  /**
   * @param nanoTime the clock of the report's phases: nanoseconds since some fixed time
   */
  public Fusion(LongSupplier nanoTime) {
    this.nanoTime = nanoTime;
  }

  /**
   * Fuses.
   *
   * @param target the fused network's specification
   * @param members at least one, of the target's chain of levels; widths may differ where the
   *     method allows it
   * @param data what the fusion knows of the task; {@link FusionData#NONE} for methods that need
   *     none
   * @return the fused network, the caller's to close
   * @throws io.neurograft.neural.config.InvalidInputException if the members do not fit the target
   *     or the method
   */
  public Fused fuse(
      NetworkSpec target,
      List<Member> members,
      FusionMethod method,
      FusionData data,
      long seed,
      NDManager parent,
      Progress progress) {
    requireFit(target, members.stream().map(Candidate::of).toList(), method);
    PhaseTimes phases = new PhaseTimes(nanoTime);
    Weights weights;
    List<StepReport> steps = List.of();
    List<String> warnings = List.of();
    if (method instanceof FusionMethod.Interpolate m) {
      Optional<GradientFit> training =
          method.needsExamples()
              ? Optional.of(GradientFit.of(data.requireExamples(), seed))
              : Optional.empty();
      Interpolation.Result result =
          new Interpolation(m.grouping(), m.head(), m.ridge(), m.refinements(), training)
              .fuse(
                  target,
                  networks(members),
                  m.head() == Head.SHARE ? ClassShares.of(members) : scores(members),
                  training.map(GradientFit::moments).orElse(data.moments()),
                  seed,
                  parent,
                  phases,
                  progress);
      weights = result.weights();
      steps = result.steps();
    } else if (method instanceof FusionMethod.Transplant m) {
      Transplantation.Result result =
          phases.time(
              "fuse",
              () ->
                  new Transplantation(
                          m.ranking(), m.variant(), m.order(), m.duplicates(), m.tuningEpochs())
                      .fuse(
                          target,
                          networks(members),
                          scores(members),
                          m.needsExamples()
                              ? Optional.of(data.requireExamples())
                              : Optional.empty(),
                          seed,
                          parent,
                          progress));
      weights = result.weights();
      warnings = Warnings.of(result.nearDuplicates(), members, m.duplicates());
    } else if (method instanceof FusionMethod.Ot m) {
      weights =
          OptimalTransport.fuse(
              target, networks(members), m.alignment(), data.moments(), parent, phases, progress);
    } else if (method instanceof FusionMethod.Rebasin) {
      weights =
          phases.time(
              "fuse", () -> WeightMatching.fuse(target, weights(members), seed, parent, progress));
    } else if (method instanceof FusionMethod.Distill m) {
      weights =
          new Distillation(m.epochs(), m.temperature())
              .distil(
                  target,
                  networks(members),
                  data.requireExamples(),
                  seed,
                  parent,
                  phases,
                  progress);
    } else {
      weights = phases.time("fuse", () -> Averaging.mean(target, weights(members), parent));
    }
    progress.report(1, "fused");
    List<FusionReport.MemberEntry> entries =
        members.stream().map(m -> new FusionReport.MemberEntry(m.name(), m.digest())).toList();
    return new Fused(
        weights,
        new FusionReport(
            method.word(), method.parameters(), seed, entries, steps, warnings, phases.seconds()));
  }

  /**
   * Checks what can be known before any weights are read: that members and target are one chain of
   * levels, and as wide as the method asks for.
   *
   * @throws io.neurograft.neural.config.InvalidInputException naming every member that does not fit
   */
  public static void requireFit(NetworkSpec target, List<Candidate> members, FusionMethod method) {
    Chain.require(target, members);
    if (method.needsEqualWidths()) {
      Chain.requireEqualWidths(target, members, method.label());
    }
  }

  private static List<Network> networks(List<Member> members) {
    return members.stream().map(m -> new Network(m.network(), m.weights())).toList();
  }

  private static List<Weights> weights(List<Member> members) {
    return members.stream().map(Member::weights).toList();
  }

  private static List<Scores> scores(List<Member> members) {
    return members.stream().map(Member::scores).toList();
  }
}
