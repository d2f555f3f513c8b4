package io.neurograft.coordinator.fuse;

import ai.djl.ndarray.NDManager;
import io.neurograft.coordinator.run.ModelKey;
import io.neurograft.coordinator.run.RunSpec;
import io.neurograft.coordinator.store.Screened;
import io.neurograft.coordinator.store.StoredModel;
import io.neurograft.coordinator.store.StoredTask;
import io.neurograft.coordinator.store.TaskResult;
import io.neurograft.fusion.screen.Limits;
import io.neurograft.fusion.screen.Portrait;
import io.neurograft.fusion.screen.Screening;
import io.neurograft.fusion.screen.Verdict;
import io.neurograft.neural.attribution.Scores;
import io.neurograft.neural.config.InvalidInputException;
import io.neurograft.neural.data.Dataset;
import io.neurograft.neural.network.Network;
import io.neurograft.neural.network.Weights;
import io.neurograft.neural.tensor.Compute;
import io.neurograft.neural.training.Confusion;
import io.neurograft.proto.audit.Act;
import io.neurograft.proto.audit.Deed;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Screens what sites have sent before it is fused or averaged, one site's weights in memory at a
 * time. What it says is stored before anything is made of it, and stands: after a restart nothing
 * is judged again.
 */
final class Screener {
  private static final Logger LOG = LoggerFactory.getLogger(Screener.class);

  private final Workshop workshop;
  private final String runId;
  private final RunSpec spec;
  private final Consumer<String> tell;

  Screener(Workshop workshop, String runId, RunSpec spec, Consumer<String> tell) {
    this.workshop = workshop;
    this.runId = runId;
    this.spec = spec;
    this.tell = tell;
  }

  /** Makes a portrait of what a task has brought. */
  private interface Painter {
    Portrait paint(StoredTask task, Weights weights, Optional<long[][]> confusion);
  }

  /**
   * The members that may be fused.
   *
   * @param trained all that were sent
   * @throws InvalidInputException if fewer are left than the run needs
   */
  List<StoredTask> members(List<StoredTask> trained) {
    return spec.screening()
        .map(
            limits ->
                passed(
                    Screened.MEMBERS,
                    trained,
                    () -> Screening.members(paint(trained, limits, this::member), limits)))
        .orElse(trained);
  }

  /**
   * The fine-tuned models that may be averaged.
   *
   * @param cohort the average that is to be made
   * @param tuned all that were sent for it
   * @param parent the model that the sites were given
   * @throws InvalidInputException if fewer are left than the run needs
   */
  List<StoredTask> tuned(ModelKey cohort, List<StoredTask> tuned, StoredModel parent) {
    return spec.screening()
        .map(limits -> passed(cohort, tuned, () -> tuned(tuned, parent, limits)))
        .orElse(tuned);
  }

  private List<Verdict> tuned(List<StoredTask> tuned, StoredModel parent, Limits limits) {
    try (NDManager scope = Compute.newManager();
        Weights before = Weights.read(workshop.file(parent.digest()), spec.network(), scope)) {
      Optional<long[][]> confusionBefore =
          workshop
              .data()
              .check(spec, limits.examples())
              .map(check -> Confusion.of(new Network(spec.network(), before), check));
      Painter painter =
          (task, weights, confusion) ->
              Portrait.ofTuned(
                  task.key().site(),
                  spec.network(),
                  weights,
                  before,
                  confusion,
                  confusionBefore,
                  workshop.classCounts(task.key().site()));
      return Screening.tuned(paint(tuned, limits, painter), limits);
    }
  }

  private Portrait member(StoredTask task, Weights weights, Optional<long[][]> confusion) {
    String site = task.key().site();
    String scores = task.result().flatMap(TaskResult::scores).orElseThrow();
    return Portrait.ofMember(
        site,
        spec.network(),
        weights,
        Scores.read(workshop.file(scores), spec.network()),
        confusion,
        workshop.classCounts(site));
  }

  private List<Portrait> paint(List<StoredTask> tasks, Limits limits, Painter painter) {
    long start = System.nanoTime();
    Optional<Dataset> data = workshop.data().check(spec, limits.examples());
    List<Portrait> cohort = new ArrayList<>();
    for (StoredTask task : tasks) {
      String digest = task.result().flatMap(TaskResult::weights).orElseThrow();
      try (NDManager scope = Compute.newManager();
          Weights weights = Weights.read(workshop.file(digest), spec.network(), scope)) {
        Network network = new Network(spec.network(), weights);
        cohort.add(painter.paint(task, weights, data.map(check -> Confusion.of(network, check))));
      }
    }
    workshop.metrics().phaseEnded("screen", Duration.ofNanos(System.nanoTime() - start));
    return cohort;
  }

  private interface Judgement {
    List<Verdict> judge();
  }

  private List<StoredTask> passed(ModelKey cohort, List<StoredTask> tasks, Judgement judgement) {
    Map<String, String> reasons = reasons(cohort);
    if (reasons.isEmpty()) {
      tell.accept("screens " + (cohort.method().isEmpty() ? "the members" : cohort.method()));
      List<Verdict> verdicts = judgement.judge();
      workshop.screened(
          runId, verdicts.stream().map(verdict -> new Screened(cohort, verdict)).toList());
      verdicts.stream().filter(verdict -> !verdict.passed()).forEach(this::quarantined);
      reasons = reasons(cohort);
    }
    Map<String, String> known = reasons;
    List<StoredTask> left =
        tasks.stream().filter(task -> known.getOrDefault(task.key().site(), "").isEmpty()).toList();
    if (left.size() < spec.minimumSites()) {
      throw new InvalidInputException(
          "screening",
          "no quorum: %d of %d sites passed, sites.minimum is %d (%s)"
              .formatted(left.size(), tasks.size(), spec.minimumSites(), words(known)));
    }
    return left;
  }

  /** Why each site of a cohort did not pass, or "" where it did; empty before it was judged. */
  private Map<String, String> reasons(ModelKey cohort) {
    return workshop.screened(runId).stream()
        .filter(screened -> screened.cohort().equals(cohort))
        .map(Screened::verdict)
        .collect(
            Collectors.toMap(
                Verdict::name,
                verdict -> verdict.reason().orElse(""),
                (one, other) -> one,
                TreeMap::new));
  }

  private void quarantined(Verdict verdict) {
    String reason = verdict.reason().orElseThrow();
    LOG.warn("run {}: quarantines site {}: {}", runId, verdict.name(), reason);
    workshop.metrics().quarantined();
    workshop
        .journal()
        .note(
            Deed.of("coordinator", Act.MEMBER_QUARANTINED)
                .about("run", runId)
                .about("site", verdict.name())
                .about("reason", reason));
    tell.accept("quarantines " + verdict.name() + ": " + reason);
  }

  private static String words(Map<String, String> reasons) {
    return reasons.entrySet().stream()
        .filter(entry -> !entry.getValue().isEmpty())
        .map(entry -> entry.getKey() + ": " + entry.getValue())
        .collect(Collectors.joining("; "));
  }
}
