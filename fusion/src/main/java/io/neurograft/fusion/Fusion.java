package io.neurograft.fusion;

import ai.djl.ndarray.NDManager;
import io.neurograft.fusion.transplant.Transplantation;
import io.neurograft.neural.PhaseTimes;
import io.neurograft.neural.Progress;
import io.neurograft.neural.moments.FitSteps;
import io.neurograft.neural.network.NetworkSpec;
import java.util.List;
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
    Work.Made made = new Work(target, members, data, seed, parent, phases, progress).by(method);
    progress.report(1, "fused");
    List<FusionReport.MemberEntry> entries =
        members.stream().map(m -> new FusionReport.MemberEntry(m.name(), m.digest())).toList();
    return new Fused(
        made.weights(),
        new FusionReport(
            method.word(),
            method.parameters(),
            seed,
            entries,
            made.steps(),
            made.warnings(),
            phases.seconds(),
            made.origins()));
  }

  /**
   * Checks what can be known before any weights are read: that members and target are one chain of
   * levels, as wide as the method asks for, and of layers that the method can make.
   *
   * @throws io.neurograft.neural.config.InvalidInputException naming every member or layer that
   *     does not fit
   */
  public static void requireFit(NetworkSpec target, List<Candidate> members, FusionMethod method) {
    Chain.require(target, members);
    if (method.needsEqualWidths()) {
      Chain.requireEqualWidths(target, members, method.label());
    }
    if (method instanceof FusionMethod.Interpolate) {
      FitSteps.of(target);
    } else if (method instanceof FusionMethod.Transplant) {
      Transplantation.requireFit(target);
    }
  }
}
