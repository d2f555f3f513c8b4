package io.neurograft.simulator.bench;

import ai.djl.ndarray.NDManager;
import io.neurograft.fusion.Fused;
import io.neurograft.fusion.Fusion;
import io.neurograft.fusion.FusionData;
import io.neurograft.fusion.Member;
import io.neurograft.neural.Progress;
import io.neurograft.neural.attribution.Attribution;
import io.neurograft.neural.attribution.Scores;
import io.neurograft.neural.data.Dataset;
import io.neurograft.neural.data.Samples;
import io.neurograft.neural.network.Network;
import io.neurograft.neural.network.Weights;
import io.neurograft.neural.tensor.Compute;
import io.neurograft.neural.training.Evaluation;
import io.neurograft.neural.training.Trainer;
import io.neurograft.neural.training.TrainingSettings;
import io.neurograft.simulator.baseline.BaselineResult;
import io.neurograft.simulator.baseline.BaselineTraining;
import io.neurograft.simulator.bench.BenchmarkCase.Members;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/** Fuses the members of one case by every method of the plan, and measures what comes out. */
public final class AccuracyBenchmark {
  private static final int SCORE_STEPS = 10;

  /** More examples for scores than this change nothing. */
  private static final int SCORE_EXAMPLES = 400;

  private final AccuracyPlan plan;
  private final List<String> data;
  private final Optional<Path> folder;

  /**
   * @param data data URIs for the cases that name their data by scheme
   * @param folder where the folders of members trained elsewhere are; empty if there are none
   */
  public AccuracyBenchmark(AccuracyPlan plan, List<String> data, Optional<Path> folder) {
    this.plan = plan;
    this.data = List.copyOf(data);
    this.folder = folder;
  }

  /**
   * Runs a case.
   *
   * @return empty if its data or its members' folder was not given
   */
  public Optional<CaseResult> run(BenchmarkCase of, Progress progress) {
    boolean stored = of.members() instanceof Members.Stored;
    Optional<CaseData> examples =
        stored && folder.isEmpty() ? Optional.empty() : CaseData.open(of.data(), data);
    return examples.map(found -> run(of, found, progress));
  }

  private CaseResult run(BenchmarkCase of, CaseData examples, Progress progress) {
    try (NDManager scope = Compute.newManager()) {
      CaseMembers members = members(of, examples, scope, progress.part(0, 0.3));
      List<Double> single =
          members.networks().stream().map(m -> accuracy(m, examples.test())).toList();
      double ensemble =
          Evaluation.ofEnsemble(members.networks(), examples.test(), Progress.NONE).accuracy();
      List<BaselineResult> baselines = baselines(of, examples, progress.part(0.3, 0.4));
      List<CaseResult.Fusion> fused = new ArrayList<>();
      for (int i = 0; i < plan.methods().size(); i++) {
        AccuracyPlan.Row row = plan.methods().get(i);
        progress.report(0.4 + 0.6 * i / plan.methods().size(), of.name() + ": " + row.label());
        fused.add(fuse(of, row, members, examples, scope));
      }
      return new CaseResult(of.name(), single, ensemble, baselines, fused);
    }
  }

  private CaseMembers members(
      BenchmarkCase of, CaseData examples, NDManager scope, Progress progress) {
    if (of.members() instanceof Members.Trained trained) {
      return CaseMembers.train(trained, examples.train(), scope, progress);
    }
    Members.Stored stored = (Members.Stored) of.members();
    return CaseMembers.read(folder.orElseThrow().resolve(stored.folder()), scope);
  }

  private static List<BaselineResult> baselines(
      BenchmarkCase of, CaseData examples, Progress progress) {
    if (of.members() instanceof Members.Trained trained && !of.baselines().isEmpty()) {
      return new BaselineTraining(trained.network(), trained.settings(), trained.seed())
          .run(
              of.baselines(),
              CaseMembers.shards(trained, examples.train()),
              examples.test(),
              progress);
    }
    return List.of();
  }

  private CaseResult.Fusion fuse(
      BenchmarkCase of,
      AccuracyPlan.Row row,
      CaseMembers members,
      CaseData examples,
      NDManager parent) {
    Dataset train = examples.train();
    Dataset sample = train.subset(Samples.balanced(train, row.samples(), plan.seed()));
    try (NDManager scope = parent.newSubManager();
        Fused fused =
            new Fusion(System::nanoTime)
                .fuse(
                    members.networks().get(0).spec(),
                    scored(members, row, sample),
                    row.method(),
                    FusionData.of(sample, plan.seed(), FusionData.KEPT_BYTES, row.budget()),
                    plan.seed(),
                    scope,
                    Progress.NONE)) {
      Network network = new Network(fused.weights().spec(), fused.weights());
      double accuracy = accuracy(network, examples.test());
      List<Double> tuned =
          of.tune()
              .filter(tune -> tune.methods().contains(row.method().word()))
              .map(tune -> tune(network, tune.settings(), examples))
              .orElse(List.of());
      double seconds =
          fused.report().phases().values().stream().mapToDouble(Double::doubleValue).sum();
      return new CaseResult.Fusion(row.label(), accuracy, tuned, seconds);
    }
  }

  private List<Member> scored(CaseMembers members, AccuracyPlan.Row row, Dataset sample) {
    int[] few = IntStream.range(0, Math.min(sample.size(), SCORE_EXAMPLES)).toArray();
    List<Member> scored = new ArrayList<>();
    for (int i = 0; i < members.networks().size(); i++) {
      Network network = members.networks().get(i);
      Scores scores =
          Attribution.score(network, sample, few, row.scores(), SCORE_STEPS, Progress.NONE);
      scored.add(
          new Member(
              "member " + i,
              network.spec(),
              network.weights(),
              scores,
              members.classCounts().get(i),
              ""));
    }
    return scored;
  }

  private List<Double> tune(Network network, TrainingSettings settings, CaseData examples) {
    TrainingSettings one = settings.withEpochs(1);
    List<Double> curve = new ArrayList<>();
    try (Weights copy = network.weights().copy(network.weights().scope())) {
      Network tuned = new Network(network.spec(), copy);
      for (int epoch = 0; epoch < settings.epochs(); epoch++) {
        Trainer.train(tuned, examples.train(), one, plan.seed() + epoch, Progress.NONE);
        curve.add(accuracy(tuned, examples.test()));
      }
    }
    return curve;
  }

  private static double accuracy(Network network, Dataset test) {
    return Evaluation.of(network, test, Progress.NONE).accuracy();
  }
}
