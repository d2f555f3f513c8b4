package io.neurograft.coordinator.fuse;

import ai.djl.ndarray.NDManager;
import io.neurograft.coordinator.run.ModelKey;
import io.neurograft.coordinator.run.NamedMethod;
import io.neurograft.coordinator.run.RunSpec;
import io.neurograft.coordinator.run.Score;
import io.neurograft.coordinator.store.StoredModel;
import io.neurograft.coordinator.store.StoredTask;
import io.neurograft.coordinator.store.Subject;
import io.neurograft.coordinator.store.TaskResult;
import io.neurograft.neural.Progress;
import io.neurograft.neural.data.Dataset;
import io.neurograft.neural.network.Network;
import io.neurograft.neural.network.Weights;
import io.neurograft.neural.tensor.Compute;
import io.neurograft.neural.training.Evaluation;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** Evaluates on the coordinator's own examples, where a run names some; nothing twice. */
final class Judge {
  private final Workshop workshop;
  private final String runId;
  private final RunSpec spec;
  private final Consumer<String> tell;

  Judge(Workshop workshop, String runId, RunSpec spec, Consumer<String> tell) {
    this.workshop = workshop;
    this.runId = runId;
    this.spec = spec;
    this.tell = tell;
  }

  /** Evaluates each member and their ensemble. */
  void members(List<LoadedMember> members) {
    Optional<Dataset> data = data();
    if (data.isEmpty()) {
      return;
    }
    for (LoadedMember loaded : members) {
      Subject subject = new Subject(Subject.Kind.MEMBER, loaded.name(), 0);
      once(subject, () -> Evaluation.of(loaded.asNetwork(), data.get(), Progress.NONE));
    }
    List<Network> networks = members.stream().map(LoadedMember::asNetwork).toList();
    once(Subject.ENSEMBLE, () -> Evaluation.ofEnsemble(networks, data.get(), Progress.NONE));
  }

  /** Evaluates each of some members that are not fused, for the report. */
  void leftOut(List<StoredTask> tasks) {
    data()
        .ifPresent(
            data -> {
              for (StoredTask task : tasks) {
                String digest = task.result().flatMap(TaskResult::weights).orElseThrow();
                once(
                    new Subject(Subject.Kind.MEMBER, task.key().site(), 0),
                    () -> evaluate(digest, data));
              }
            });
  }

  /** Evaluates the model of each method after a round; 0 is before the first. */
  void models(int round) {
    Optional<Dataset> data = data();
    if (data.isEmpty()) {
      return;
    }
    for (NamedMethod method : spec.methods()) {
      StoredModel model = workshop.model(runId, new ModelKey(method.label(), round)).orElseThrow();
      Subject subject = new Subject(Subject.Kind.MODEL, method.label(), round);
      once(subject, () -> evaluate(model.digest(), data.get()));
    }
  }

  private Evaluation evaluate(String digest, Dataset data) {
    try (NDManager scope = Compute.newManager();
        Weights weights = Weights.read(workshop.file(digest), spec.network(), scope)) {
      return Evaluation.of(new Network(spec.network(), weights), data, Progress.NONE);
    }
  }

  private Optional<Dataset> data() {
    return spec.evaluation().map(workshop.data()::evaluation);
  }

  private void once(Subject subject, Supplier<Evaluation> evaluate) {
    if (workshop.evaluations(runId).containsKey(subject) || !workshop.wanted(runId)) {
      return;
    }
    String name = subject.name().isEmpty() ? "the ensemble" : subject.name();
    tell.accept("evaluates " + name);
    long start = System.nanoTime();
    Evaluation found = evaluate.get();
    workshop.evaluated(runId, subject, new Score(found.examples(), found.correct(), found.loss()));
    workshop.metrics().phaseEnded("evaluate", Duration.ofNanos(System.nanoTime() - start));
  }
}
