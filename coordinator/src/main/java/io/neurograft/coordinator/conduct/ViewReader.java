package io.neurograft.coordinator.conduct;

import io.neurograft.coordinator.run.ModelKey;
import io.neurograft.coordinator.run.RunSpec;
import io.neurograft.coordinator.run.RunView;
import io.neurograft.coordinator.run.Score;
import io.neurograft.coordinator.run.SiteView;
import io.neurograft.coordinator.run.TaskKind;
import io.neurograft.coordinator.store.StoredRun;
import io.neurograft.coordinator.store.StoredTask;
import io.neurograft.coordinator.store.Subject;
import io.neurograft.coordinator.store.Tables;
import io.neurograft.coordinator.store.TaskResult;
import io.neurograft.fusion.screen.Limits;
import io.neurograft.fusion.screen.Shares;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Reads what the planner needs to see of a run. */
final class ViewReader {
  private ViewReader() {}

  static RunView read(Tables tables, StoredRun run, RunSpec spec, List<SiteView> attached) {
    List<StoredTask> tasks = tables.tasks().since(run.id(), run.round() - 1);
    Set<String> quarantined = tables.screenings().quarantined(run.id());
    // What is published is chosen among the models of all rounds, once the last one is done.
    List<StoredTask> judged =
        run.round() < spec.rounds() ? tasks : tables.tasks().since(run.id(), 0);
    return new RunView(
        run.state(),
        run.round(),
        // The later of the two, even if the machine's clock was set back in between.
        run.resumed().equals(Instant.EPOCH) ? run.created() : run.resumed(),
        run.message(),
        tasks.stream().map(StoredTask::view).toList(),
        attached,
        tables.models().keys(run.id()),
        spec.evaluation().isPresent()
            ? measuredHere(tables.models().evaluations(run.id()))
            : measuredBySites(judged, quarantined, spec.screening()),
        quarantined);
  }

  /** The models that the coordinator evaluated itself. */
  static Map<ModelKey, Score> measuredHere(Map<Subject, Score> evaluations) {
    Map<ModelKey, Score> scores = new HashMap<>();
    evaluations.forEach(
        (subject, score) -> {
          if (subject.kind() == Subject.Kind.MODEL) {
            scores.put(new ModelKey(subject.name(), subject.round()), score);
          }
        });
    return scores;
  }

  /**
   * The models that sites evaluated, as they came and on the examples held back, all examples taken
   * together: so each site counts by the number it holds back. The word of those that did not pass
   * the screening does not count.
   *
   * @param limits how much one site may count; empty where it counts as it says
   */
  static Map<ModelKey, Score> measuredBySites(
      List<StoredTask> tasks, Set<String> quarantined, Optional<Limits> limits) {
    Map<ModelKey, List<Score>> said = new HashMap<>();
    for (StoredTask task : tasks) {
      TaskKind kind = task.key().kind();
      if ((kind == TaskKind.FINE_TUNE || kind == TaskKind.EVALUATE)
          && !quarantined.contains(task.key().site())) {
        task.result()
            .flatMap(TaskResult::before)
            .ifPresent(
                score ->
                    said.computeIfAbsent(task.key().model(), key -> new ArrayList<>()).add(score));
      }
    }
    Map<ModelKey, Score> scores = new HashMap<>();
    said.forEach((model, each) -> scores.put(model, together(each, limits)));
    return scores;
  }

  private static Score together(List<Score> scores, Optional<Limits> limits) {
    List<Long> examples = scores.stream().map(Score::examples).toList();
    long most = limits.map(limit -> Shares.most(examples, limit.share())).orElse(Long.MAX_VALUE);
    return scores.stream().map(score -> score.atMost(most)).reduce(Score::plus).orElseThrow();
  }
}
