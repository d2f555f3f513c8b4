package io.neurograft.coordinator.fuse;

import ai.djl.ndarray.NDManager;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.neurograft.coordinator.run.ModelKey;
import io.neurograft.coordinator.run.NamedMethod;
import io.neurograft.coordinator.run.RunSpec;
import io.neurograft.coordinator.run.TaskKind;
import io.neurograft.coordinator.store.StoredTask;
import io.neurograft.fusion.Fused;
import io.neurograft.fusion.Fusion;
import io.neurograft.fusion.FusionData;
import io.neurograft.fusion.FusionReport;
import io.neurograft.fusion.Member;
import io.neurograft.fusion.Provenance;
import io.neurograft.neural.data.Dataset;
import io.neurograft.neural.tensor.Compute;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/** Fuses the members of a run by each of its methods, and evaluates members and models. */
final class FuseJob {
  private static final JsonMapper JSON = JsonMapper.builder().build();

  private final Workshop workshop;
  private final String runId;
  private final RunSpec spec;
  private final Consumer<String> tell;

  FuseJob(Workshop workshop, String runId, RunSpec spec, Consumer<String> tell) {
    this.workshop = workshop;
    this.runId = runId;
    this.spec = spec;
    this.tell = tell;
  }

  void run() {
    List<StoredTask> tasks = workshop.done(runId, TaskKind.TRAIN, 0);
    Judge judge = new Judge(workshop, runId, spec, tell);
    try (NDManager scope = Compute.newManager()) {
      List<LoadedMember> members =
          tasks.stream().map(task -> LoadedMember.load(workshop, spec, task, scope)).toList();
      judge.members(members);
      for (NamedMethod method : spec.methods()) {
        if (workshop.model(runId, new ModelKey(method.label(), 0)).isEmpty()
            && workshop.wanted(runId)) {
          fuse(method, tasks, members.stream().map(LoadedMember::member).toList(), scope);
        }
      }
    }
    if (workshop.wanted(runId)) {
      judge.models(0);
    }
  }

  private void fuse(
      NamedMethod method, List<StoredTask> tasks, List<Member> members, NDManager scope) {
    tell.accept("fuses by " + method.label());
    long start = System.nanoTime();
    Provenance provenance = Workshop.provenance(runId, spec, method, tasks);
    FusionData data = data(method, provenance);
    try (Fused fused =
        new Fusion(System::nanoTime)
            .fuse(
                spec.network(),
                members,
                method.method(),
                data,
                spec.seed(),
                scope,
                (fraction, phase) ->
                    tell.accept(
                        "fuses by %s: %s, %d %%"
                            .formatted(method.label(), phase, Math.round(100 * fraction))))) {
      double seconds = (System.nanoTime() - start) / 1e9;
      fused.report().warnings().forEach(w -> tell.accept(method.label() + ": warning: " + w));
      workshop.keep(
          runId,
          new ModelKey(method.label(), 0),
          file -> fused.weights().write(file, provenance.texts()),
          seconds,
          json(fused.report()));
      fused
          .report()
          .phases()
          .forEach(
              (phase, time) ->
                  workshop.metrics().phaseEnded(phase, Duration.ofNanos(Math.round(time * 1e9))));
    }
  }

  private FusionData data(NamedMethod method, Provenance provenance) {
    Optional<Dataset> proxy =
        spec.moments()
            .filter(named -> method.method().needsData())
            .map(named -> workshop.data().proxy(named, spec.seed()));
    if (proxy.isEmpty()) {
      return FusionData.NONE;
    }
    provenance.data(spec.moments().orElseThrow().uri(), proxy.get());
    return FusionData.of(proxy.get(), spec.seed());
  }

  private static String json(FusionReport report) {
    try {
      return JSON.writeValueAsString(report);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a fusion report cannot be written as JSON", e);
    }
  }
}
