package io.neurograft.fusion;

import io.neurograft.fusion.interpolate.StepReport;
import io.neurograft.fusion.origin.GroupOrigin;
import io.neurograft.neural.network.NetworkSpec;
import java.util.List;
import java.util.Map;

/**
 * How a fused network was made: enough to make it again, and to see where it lost.
 *
 * @param method the method's word
 * @param parameters the method's parameters as they are written in a specification
 * @param seed the fusion's seed
 * @param members the members in their order
 * @param steps what interpolation found at each step; empty for other methods
 * @param warnings what a person should know before relying on the result, a sentence each
 * @param phases seconds of each phase: {@code forward}, {@code moments}, {@code grouping}, {@code
 *     solve} for interpolation, and {@code train} where levels are trained, {@code fuse} for other
 *     methods, with {@code forward} and {@code moments} where units are aligned by activations
 * @param origins for each unit group which members' units its units were made of; empty where a
 *     network was made of no units, as by distillation, and for a plain mean of many members
 */
public record FusionReport(
    String method,
    Map<String, String> parameters,
    long seed,
    List<MemberEntry> members,
    List<StepReport> steps,
    List<String> warnings,
    Map<String, Double> phases,
    List<GroupOrigin> origins) {
  public FusionReport {
    members = List.copyOf(members);
    steps = List.copyOf(steps);
    warnings = List.copyOf(warnings);
    origins = List.copyOf(origins);
  }

  /** Members whose units are not told one by one: a mean of many is the same everywhere. */
  private static final int MANY = 16;

  /**
   * The report of a plain mean that was made elsewhere, such as file by file.
   *
   * @param phases seconds of each phase
   */
  public static FusionReport average(
      NetworkSpec target, List<MemberEntry> members, long seed, Map<String, Double> phases) {
    FusionMethod method = new FusionMethod.Average();
    return new FusionReport(
        method.word(),
        method.parameters(),
        seed,
        members,
        List.of(),
        List.of(),
        phases,
        members.size() > MANY ? List.of() : Origins.inOrder(target, members.size()));
  }

  /**
   * A member of the fusion.
   *
   * @param name what people call it
   * @param digest the SHA-256 of its weights file; empty where unknown
   */
  public record MemberEntry(String name, String digest) {}
}
