package io.neurograft.coordinator.conduct;

import io.neurograft.coordinator.run.ModelKey;
import io.neurograft.coordinator.run.TaskKind;
import io.neurograft.coordinator.run.TaskState;
import io.neurograft.coordinator.store.Screened;
import io.neurograft.coordinator.store.StoredTask;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * How far a site is with what a run has last asked of it.
 *
 * @param phase what it is doing, in a few words
 * @param fraction from 0 to 1, over all its tasks of the round
 */
public record SiteStanding(String site, String phase, double fraction) {
  /** Tasks come in the order of their kinds, and within a kind in that of the rounds. */
  private static final Comparator<StoredTask> LATEST =
      Comparator.<StoredTask, TaskKind>comparing(task -> task.key().kind())
          .thenComparing(task -> task.key().round());

  /** The task that a site is at, rather than one that waits in its queue. */
  private static final Comparator<StoredTask> AT_WORK =
      Comparator.<StoredTask, Boolean>comparing(task -> !task.phase().startsWith("wait"))
          .thenComparing(StoredTask::fraction);

  /**
   * The standing of every site that has one of the tasks, by name, and of those whose part in the
   * run has ended because something that they sent did not pass the screening.
   */
  static List<SiteStanding> of(List<StoredTask> tasks, List<Screened> screened) {
    SortedMap<String, SiteStanding> standings = new TreeMap<>();
    tasks.stream()
        .collect(Collectors.groupingBy(task -> task.key().site()))
        .forEach((site, own) -> standings.put(site, ofSite(own)));
    for (Screened one : screened) {
      String site = one.verdict().name();
      quarantine(screened, site)
          .ifPresent(why -> standings.put(site, new SiteStanding(site, "quarantined: " + why, 1)));
    }
    return List.copyOf(standings.values());
  }

  /** Why something that a site sent did not pass the screening; the first time that it happened. */
  static Optional<String> quarantine(List<Screened> screened, String site) {
    return screened.stream()
        .filter(one -> one.verdict().name().equals(site))
        .flatMap(one -> one.verdict().reason().stream().map(why -> place(one.cohort()) + why))
        .findFirst();
  }

  private static String place(ModelKey cohort) {
    return cohort.round() == 0 ? "" : "%s, round %d: ".formatted(cohort.method(), cohort.round());
  }

  private static SiteStanding ofSite(List<StoredTask> tasks) {
    StoredTask latest = tasks.stream().max(LATEST).orElseThrow();
    List<StoredTask> round =
        tasks.stream().filter(task -> LATEST.compare(task, latest) == 0).toList();
    StoredTask telling =
        round.stream().filter(task -> task.state() == TaskState.OPEN).max(AT_WORK).orElse(latest);
    String method = telling.key().method().isEmpty() ? "" : telling.key().method() + ": ";
    String phase =
        switch (telling.state()) {
          case OPEN -> method + telling.phase();
          case DONE -> "done";
          case FAILED -> "left out: " + telling.view().message();
          case DROPPED -> "dropped: " + telling.view().message();
        };
    double fraction = round.stream().mapToDouble(StoredTask::fraction).average().orElse(0);
    return new SiteStanding(telling.key().site(), phase, fraction);
  }
}
