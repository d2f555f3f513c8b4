package io.neurograft.fusion;

import ai.djl.ndarray.NDManager;
import io.neurograft.fusion.baseline.Averaging;
import io.neurograft.fusion.baseline.Distillation;
import io.neurograft.fusion.baseline.OptimalTransport;
import io.neurograft.fusion.baseline.WeightMatching;
import io.neurograft.fusion.interpolate.GradientFit;
import io.neurograft.fusion.interpolate.Head;
import io.neurograft.fusion.interpolate.Interpolation;
import io.neurograft.fusion.interpolate.StepReport;
import io.neurograft.fusion.transplant.Transplantation;
import io.neurograft.neural.PhaseTimes;
import io.neurograft.neural.Progress;
import io.neurograft.neural.attribution.Scores;
import io.neurograft.neural.data.Dataset;
import io.neurograft.neural.network.Network;
import io.neurograft.neural.network.NetworkSpec;
import io.neurograft.neural.network.Weights;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Stream;

/** One fusion: what it is given, and how each method makes a network of it. */
record Work(
    NetworkSpec target,
    List<Member> members,
    FusionData data,
    long seed,
    NDManager parent,
    PhaseTimes phases,
    Progress progress) {

  /**
   * What a method made.
   *
   * @param weights the caller's to close
   * @param steps what interpolation found at each step; empty for other methods
   */
  record Made(Weights weights, List<StepReport> steps, List<String> warnings) {}

  /** Fuses; the members fit the target and the method. */
  Made by(FusionMethod method) {
    if (method instanceof FusionMethod.Interpolate m) {
      return interpolate(m);
    }
    if (method instanceof FusionMethod.Transplant m) {
      return transplant(m);
    }
    if (method instanceof FusionMethod.Ot m) {
      return made(
          OptimalTransport.fuse(
              target, networks(), m.alignment(), data.moments(), parent, phases, progress));
    }
    if (method instanceof FusionMethod.Rebasin) {
      return timed(() -> WeightMatching.fuse(target, weights(), seed, parent, progress));
    }
    if (method instanceof FusionMethod.Distill m) {
      Distillation distillation = new Distillation(m.epochs(), m.temperature());
      Dataset examples = data.requireExamples();
      return made(
          distillation.distil(target, networks(), examples, seed, parent, phases, progress));
    }
    return timed(() -> Averaging.mean(target, weights(), parent));
  }

  private Made interpolate(FusionMethod.Interpolate m) {
    Optional<GradientFit> training =
        m.needsExamples()
            ? Optional.of(GradientFit.of(data.requireExamples(), data.keptBytes(), seed))
            : Optional.empty();
    Interpolation.Result result =
        new Interpolation(m.grouping(), m.head(), m.ridge(), m.refinements(), training)
            .fuse(
                target,
                networks(),
                m.head() == Head.SHARE ? ClassShares.of(members) : scores(),
                training.map(GradientFit::moments).orElse(data.moments()),
                seed,
                parent,
                phases,
                progress);
    Stream<String> warnings =
        training
            .map(GradientFit::size)
            .or(() -> data.examples().map(Dataset::size))
            .flatMap(fitted -> Chain.fewExamples(target, m, fitted))
            .stream();
    return new Made(result.weights(), result.steps(), warnings.toList());
  }

  private Made transplant(FusionMethod.Transplant m) {
    Optional<Dataset> examples =
        m.needsExamples() ? Optional.of(data.requireExamples()) : Optional.empty();
    Transplantation transplantation =
        new Transplantation(m.ranking(), m.variant(), m.order(), m.duplicates(), m.tuningEpochs());
    Transplantation.Result result =
        phases.time(
            "fuse",
            () ->
                transplantation.fuse(
                    target, networks(), scores(), examples, seed, parent, progress));
    return new Made(
        result.weights(), List.of(), Warnings.of(result.nearDuplicates(), members, m.duplicates()));
  }

  private Made timed(Supplier<Weights> work) {
    return made(phases.time("fuse", work));
  }

  private static Made made(Weights weights) {
    return new Made(weights, List.of(), List.of());
  }

  private List<Network> networks() {
    return members.stream().map(m -> new Network(m.network(), m.weights())).toList();
  }

  private List<Weights> weights() {
    return members.stream().map(Member::weights).toList();
  }

  private List<Scores> scores() {
    return members.stream().map(Member::scores).toList();
  }
}
