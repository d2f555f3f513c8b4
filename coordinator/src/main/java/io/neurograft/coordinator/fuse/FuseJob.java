package io.neurograft.coordinator.fuse;

import ai.djl.ndarray.NDManager;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.neurograft.coordinator.run.Federation;
import io.neurograft.coordinator.run.ModelKey;
import io.neurograft.coordinator.run.NamedMethod;
import io.neurograft.coordinator.run.RunSpec;
import io.neurograft.coordinator.run.TaskKind;
import io.neurograft.coordinator.store.StoredTask;
import io.neurograft.fusion.Fused;
import io.neurograft.fusion.Fusion;
import io.neurograft.fusion.FusionData;
import io.neurograft.fusion.FusionMethod;
import io.neurograft.fusion.FusionReport;
import io.neurograft.fusion.Member;
import io.neurograft.fusion.Provenance;
import io.neurograft.fusion.interpolate.FederatedMoments;
import io.neurograft.neural.PhaseTimes;
import io.neurograft.neural.collection.MomentShapes;
import io.neurograft.neural.data.Dataset;
import io.neurograft.neural.tensor.Compute;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
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
    List<StoredTask> trained = workshop.done(runId, TaskKind.TRAIN, 0);
    List<StoredTask> tasks = new Screener(workshop, runId, spec, tell).members(trained);
    Judge judge = new Judge(workshop, runId, spec, tell);
    judge.leftOut(trained.stream().filter(task -> !tasks.contains(task)).toList());
    try (NDManager scope = Compute.newManager()) {
      List<LoadedMember> members =
          needsMembers()
              ? tasks.stream().map(task -> LoadedMember.load(workshop, spec, task, scope)).toList()
              : List.of();
      judge.members(members);
      for (NamedMethod method : spec.methods()) {
        if (workshop.model(runId, new ModelKey(method.label(), 0)).isPresent()) {
          workshop.forgetExchanges(runId, method.label()); // it was stopped before it could
        } else if (workshop.wanted(runId)) {
          if (method.method() instanceof FusionMethod.Average) {
            average(method, tasks);
          } else {
            fuse(method, tasks, members.stream().map(LoadedMember::member).toList(), scope);
          }
        }
      }
    }
    if (workshop.wanted(runId)) {
      judge.models(0);
    }
  }

  /** Whether the members must be in memory, all of them; averaging reads them piece by piece. */
  private boolean needsMembers() {
    return spec.evaluation().isPresent()
        || spec.methods().stream().anyMatch(m -> !(m.method() instanceof FusionMethod.Average));
  }

  private void average(NamedMethod method, List<StoredTask> tasks) {
    tell.accept("fuses by " + method.label());
    List<WeightedMean.Part> parts = new ArrayList<>();
    List<FusionReport.MemberEntry> entries = new ArrayList<>();
    for (StoredTask task : tasks) {
      String digest = task.result().orElseThrow().weights().orElseThrow();
      parts.add(new WeightedMean.Part(workshop.file(digest), 1));
      entries.add(new FusionReport.MemberEntry(task.key().site(), digest));
    }
    Provenance provenance = Workshop.provenance(runId, spec, method, tasks);
    PhaseTimes phases = new PhaseTimes(System::nanoTime);
    workshop.keep(
        runId,
        new ModelKey(method.label(), 0),
        file ->
            phases.run(
                "fuse", () -> WeightedMean.write(spec.network(), parts, file, provenance.texts())),
        0,
        () ->
            json(
                FusionReport.average(spec.network(), entries, spec.seed(), phases.seconds()),
                Optional.empty()));
    phasesEnded(phases.seconds());
  }

  private void fuse(
      NamedMethod method, List<StoredTask> tasks, List<Member> members, NDManager scope) {
    tell.accept("fuses by " + method.label());
    long start = System.nanoTime();
    Provenance provenance = Workshop.provenance(runId, spec, method, tasks);
    Optional<SiteExchange> exchange =
        spec.federated()
            .filter(federation -> method.method().needsMoments())
            .map(f -> new SiteExchange(workshop, runId, spec, method, tasks, tell));
    FusionData data =
        exchange.map(sites -> federated(sites, tasks)).orElseGet(() -> data(method, provenance));
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
          () -> json(fused.report(), exchange));
      exchange.ifPresent(sites -> workshop.forgetExchanges(runId, method.label()));
      phasesEnded(fused.report().phases());
    }
  }

  private void phasesEnded(Map<String, Double> seconds) {
    seconds.forEach(
        (phase, time) ->
            workshop.metrics().phaseEnded(phase, Duration.ofNanos(Math.round(time * 1e9))));
  }

  private FusionData data(NamedMethod method, Provenance provenance) {
    Optional<Dataset> proxy =
        spec.proxy()
            .filter(named -> method.method().needsData())
            .map(named -> workshop.data().proxy(named, spec.seed()));
    if (proxy.isEmpty()) {
      return FusionData.NONE;
    }
    provenance.data(spec.proxy().orElseThrow().uri(), proxy.get());
    return FusionData.of(proxy.get(), spec.seed());
  }

  /** Moments of the examples that the members were trained on, where these are. */
  private FusionData federated(SiteExchange exchange, List<StoredTask> tasks) {
    Federation federation = spec.federated().orElseThrow();
    long examples =
        tasks.stream().mapToLong(task -> task.result().orElseThrow().trainingExamples()).sum();
    return new FusionData(
        new FederatedMoments(
            exchange,
            new FederatedMoments.Settings(
                federation.precision(),
                spec.seed(),
                federation.rowsPerColumn(),
                examples,
                answers() + federation.spareAnswers(),
                federation.budget())),
        Optional.empty(),
        0);
  }

  /** How many answers all methods together will ask of each site. */
  private int answers() {
    return spec.methods().stream()
        .map(NamedMethod::method)
        .filter(FusionMethod::needsMoments)
        .mapToInt(
            method ->
                method instanceof FusionMethod.Interpolate m
                    ? MomentShapes.questions(spec.network(), m.refinements())
                    : 1)
        .sum();
  }

  private static String json(FusionReport report, Optional<SiteExchange> exchange) {
    try {
      ObjectNode json = JSON.valueToTree(report);
      exchange.ifPresent(
          sites -> {
            json.set("exchanges", JSON.valueToTree(sites.entries()));
            json.set("lostSites", JSON.valueToTree(sites.lost()));
          });
      return JSON.writeValueAsString(json);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a fusion report cannot be written as JSON", e);
    }
  }
}
