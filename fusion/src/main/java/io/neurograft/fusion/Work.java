package io.neurograft.fusion;

import ai.djl.ndarray.NDManager;
import io.neurograft.fusion.baseline.Aligned;
import io.neurograft.fusion.baseline.Averaging;
import io.neurograft.fusion.baseline.Distillation;
import io.neurograft.fusion.baseline.OptimalTransport;
import io.neurograft.fusion.baseline.WeightMatching;
import io.neurograft.fusion.interpolate.ClassWeighting;
import io.neurograft.fusion.interpolate.GradientFit;
import io.neurograft.fusion.interpolate.Head;
import io.neurograft.fusion.interpolate.Interpolation;
import io.neurograft.fusion.interpolate.StepReport;
import io.neurograft.fusion.origin.GroupOrigin;
import io.neurograft.fusion.transplant.Transplantation;
import io.neurograft.neural.PhaseTimes;
import io.neurograft.neural.Progress;
import io.neurograft.neural.attribution.Scores;
import io.neurograft.neural.collection.ClassWeights;
import io.neurograft.neural.data.Dataset;
import io.neurograft.neural.network.Network;
import io.neurograft.neural.network.NetworkSpec;
import io.neurograft.neural.network.Weights;
import java.util.List;
import java.util.Optional;
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
   * @param origins where the units of each group come from; empty where from no units
   */
  record Made(
      Weights weights, List<StepReport> steps, List<String> warnings, List<GroupOrigin> origins) {}

  /** Fuses; the members fit the target and the method. */
  Made by(FusionMethod method) {
    if (method instanceof FusionMethod.Interpolate m) {
      return interpolate(m);
    }
    if (method instanceof FusionMethod.Transplant m) {
      return transplant(m);
    }
    if (method instanceof FusionMethod.Ot m) {
      return aligned(
          OptimalTransport.fuse(
              target, networks(), m.alignment(), data.moments(), parent, phases, progress));
    }
    if (method instanceof FusionMethod.Rebasin) {
      return aligned(
          phases.time(
              "fuse", () -> WeightMatching.fuse(target, weights(), seed, parent, progress)));
    }
    if (method instanceof FusionMethod.Distill m) {
      Distillation distillation = new Distillation(m.epochs(), m.temperature());
      Dataset examples = data.requireExamples();
      return made(
          distillation.distil(target, networks(), examples, seed, parent, phases, progress),
          List.of());
    }
    return made(
        phases.time("fuse", () -> Averaging.mean(target, weights(), parent)),
        Origins.inOrder(target, members.size()));
  }

  private Made interpolate(FusionMethod.Interpolate m) {
    Optional<GradientFit> training =
        m.needsExamples()
            ? Optional.of(GradientFit.of(data.requireExamples(), data.keptBytes(), seed))
            : Optional.empty();
    Interpolation.Result result =
        new Interpolation(
                m.grouping(), m.head(), m.ridge(), m.refinements(), training, classWeights(m))
            .fuse(
                target,
                networks(),
                m.head() == Head.SHARE ? ClassShares.of(members) : scores(),
                training.map(fit -> fit.moments(data.budget())).orElse(data.moments()),
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
    return new Made(
        result.weights(),
        result.steps(),
        warnings.toList(),
        Origins.ofClusters(
            target, members.stream().map(Member::network).toList(), result.clusters()));
  }

  /** By the examples that moments are taken from: those here, or those of all members. */
  private ClassWeights classWeights(FusionMethod.Interpolate m) {
    if (m.weighting() == ClassWeighting.NONE) {
      return ClassWeights.NONE;
    }
    int classes = target.classes();
    if (data.examples().isPresent()) {
      return ClassWeights.balanced(ClassCounts.of(data.examples().get(), classes));
    }
    ClassCounts.require(members, classes, "class-weights", "the weight of a class");
    return ClassWeights.balanced(ClassCounts.of(members, classes));
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
        result.weights(),
        List.of(),
        Warnings.of(result.nearDuplicates(), members, m.duplicates()),
        Origins.of(target, members.size(), result.sources()));
  }

  private Made aligned(Aligned result) {
    return made(result.weights(), Origins.of(target, members.size(), result.sources()));
  }

  private static Made made(Weights weights, List<GroupOrigin> origins) {
    return new Made(weights, List.of(), List.of(), origins);
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
