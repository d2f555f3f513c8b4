package io.neurograft.coordinator.store;

import io.neurograft.coordinator.run.RunState;
import io.neurograft.coordinator.run.TaskKind;
import io.neurograft.coordinator.run.TaskState;
import java.util.Arrays;
import java.util.List;
import org.jdbi.v3.core.Handle;

/** What a site may see: what the runs that it takes part in name for sites. */
public final class ParticipationTable {
  private static final List<String> ENDED =
      Arrays.stream(RunState.values()).filter(RunState::ended).map(RunState::name).toList();

  private final Handle handle;

  ParticipationTable(Handle handle) {
    this.handle = handle;
  }

  /** Whether a site has something to do in any run. */
  public boolean working(String site) {
    return !handle
        .createQuery("SELECT 1 FROM tasks WHERE site = :site AND state = :open LIMIT 1")
        .bind("site", site)
        .bind("open", TaskState.OPEN.name())
        .mapTo(Integer.class)
        .list()
        .isEmpty();
  }

  /** Whether a site has, or had, something to do in a run that has not ended. */
  public boolean takesPart(String site) {
    return !handle
        .createQuery(
            "SELECT 1 FROM tasks t JOIN runs r ON r.id = t.run_id"
                + " WHERE t.site = :site AND r.state NOT IN (<ended>) LIMIT 1")
        .bind("site", site)
        .bindList("ended", ENDED)
        .mapTo(Integer.class)
        .list()
        .isEmpty();
  }

  /**
   * Whether a run in which a site has a task names an artifact for sites: a model of the run; and
   * where the run has asked the site about its examples, its questions and the members that they
   * are about. Members of others, scores and answers are for the coordinator alone.
   */
  public boolean mayRead(String site, String digest) {
    return !handle
        .createQuery(
            "SELECT 1 FROM tasks t WHERE t.site = :site AND (EXISTS"
                + " (SELECT 1 FROM models WHERE run_id = t.run_id AND digest = :digest)"
                + " OR (t.kind = :moments AND (EXISTS"
                + " (SELECT 1 FROM exchanges WHERE run_id = t.run_id AND question = :digest)"
                + " OR EXISTS (SELECT 1 FROM tasks WHERE run_id = t.run_id AND kind = :train"
                + " AND weights = :digest)))) LIMIT 1")
        .bind("site", site)
        .bind("digest", digest)
        .bind("moments", TaskKind.MOMENTS.name())
        .bind("train", TaskKind.TRAIN.name())
        .mapTo(Integer.class)
        .list()
        .isEmpty();
  }
}
