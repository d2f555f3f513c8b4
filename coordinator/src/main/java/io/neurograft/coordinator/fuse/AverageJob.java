package io.neurograft.coordinator.fuse;

import io.neurograft.coordinator.run.ModelKey;
import io.neurograft.coordinator.run.NamedMethod;
import io.neurograft.coordinator.run.RunSpec;
import io.neurograft.coordinator.run.TaskKind;
import io.neurograft.coordinator.store.StoredModel;
import io.neurograft.coordinator.store.StoredTask;
import io.neurograft.coordinator.store.TaskResult;
import io.neurograft.fusion.Provenance;
import io.neurograft.fusion.screen.Shares;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;

/** Averages what the sites fine-tuned in a round, method by method, and evaluates the results. */
final class AverageJob {
  private final Workshop workshop;
  private final String runId;
  private final RunSpec spec;
  private final int round;
  private final Consumer<String> tell;

  AverageJob(Workshop workshop, String runId, RunSpec spec, int round, Consumer<String> tell) {
    this.workshop = workshop;
    this.runId = runId;
    this.spec = spec;
    this.round = round;
    this.tell = tell;
  }

  void run() {
    List<StoredTask> tuned = workshop.done(runId, TaskKind.FINE_TUNE, round);
    for (NamedMethod method : spec.methods()) {
      ModelKey key = new ModelKey(method.label(), round);
      if (workshop.model(runId, key).isEmpty() && workshop.wanted(runId)) {
        tell.accept("averages " + method.label() + ", round " + round);
        average(
            method,
            key,
            tuned.stream().filter(task -> task.key().method().equals(method.label())).toList());
      }
    }
    if (workshop.wanted(runId)) {
      new Judge(workshop, runId, spec, tell).models(round);
    }
  }

  private void average(NamedMethod method, ModelKey key, List<StoredTask> tasks) {
    long start = System.nanoTime();
    StoredModel parent =
        workshop.model(runId, new ModelKey(method.label(), round - 1)).orElseThrow();
    List<StoredTask> passed = new Screener(workshop, runId, spec, tell).tuned(key, tasks, parent);
    List<TaskResult> results = passed.stream().flatMap(task -> task.result().stream()).toList();
    long most = most(results);
    List<WeightedMean.Part> parts = results.stream().map(result -> part(result, most)).toList();
    Provenance provenance =
        Workshop.provenance(runId, spec, method, passed)
            .with("round", Integer.toString(round))
            .with("parent", parent.digest());
    workshop.keep(
        runId,
        key,
        file -> WeightedMean.write(spec.network(), parts, file, provenance.texts()),
        0,
        () -> "");
    workshop.metrics().phaseEnded("average", Duration.ofNanos(System.nanoTime() - start));
  }

  /** How many examples count of one site at most. */
  private long most(List<TaskResult> results) {
    List<Long> examples = results.stream().map(TaskResult::trainingExamples).toList();
    return spec.screening()
        .map(limits -> Shares.most(examples, limits.share()))
        .orElse(Long.MAX_VALUE);
  }

  private WeightedMean.Part part(TaskResult result, long most) {
    return new WeightedMean.Part(
        workshop.file(result.weights().orElseThrow()), Math.min(result.trainingExamples(), most));
  }
}
