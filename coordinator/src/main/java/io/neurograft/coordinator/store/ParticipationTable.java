package io.neurograft.coordinator.store;

import io.neurograft.coordinator.run.TaskKind;
import io.neurograft.coordinator.run.TaskState;
import org.jdbi.v3.core.Handle;

/** What a site may see: what the runs that it takes part in name for sites. */
public final class ParticipationTable {
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
