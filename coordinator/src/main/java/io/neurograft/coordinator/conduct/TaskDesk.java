package io.neurograft.coordinator.conduct;

import io.neurograft.coordinator.artifact.ArtifactStore;
import io.neurograft.coordinator.audit.Journal;
import io.neurograft.coordinator.conduct.Refusal.Reason;
import io.neurograft.coordinator.metrics.CoordinatorMetrics;
import io.neurograft.coordinator.run.TaskState;
import io.neurograft.coordinator.run.TaskView;
import io.neurograft.coordinator.store.Database;
import io.neurograft.coordinator.store.StoredRun;
import io.neurograft.coordinator.store.StoredSite;
import io.neurograft.coordinator.store.StoredTask;
import io.neurograft.coordinator.store.Tables;
import io.neurograft.coordinator.store.TaskResult;
import io.neurograft.neural.config.ConfigNode;
import io.neurograft.neural.config.InvalidInputException;
import io.neurograft.proto.audit.Act;
import io.neurograft.proto.audit.Deed;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.function.BiConsumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a site may say about its tasks. Results and failures are stored before they are answered.
 */
public final class TaskDesk {
  private static final Logger LOG = LoggerFactory.getLogger(TaskDesk.class);

  private final Database database;
  private final Conductor conductor;
  private final Pulse pulse;
  private final RunWatchers watchers;
  private final CoordinatorMetrics metrics;
  private final Journal journal;
  private final InstantSource clock;
  private final Duration lease;
  private final Intake intake;

  /**
   * @param lease how long a site may be silent about its tasks
   */
  public TaskDesk(
      Database database,
      ArtifactStore artifacts,
      Conductor conductor,
      Pulse pulse,
      RunWatchers watchers,
      CoordinatorMetrics metrics,
      Journal journal,
      InstantSource clock,
      Duration lease) {
    this.database = database;
    this.intake = new Intake(database, artifacts);
    this.conductor = conductor;
    this.pulse = pulse;
    this.watchers = watchers;
    this.metrics = metrics;
    this.journal = journal;
    this.clock = clock;
    this.lease = lease;
  }

  /**
   * A task goes on.
   *
   * @return whether it is still wanted; not now where its run is paused: then it comes again later
   * @throws Refusal NOT_FOUND if the site has no such task
   */
  public boolean progress(String site, String taskId, double fraction, String phase) {
    return database.read(
        tables -> {
          StoredTask task = find(tables, site, taskId);
          boolean open = task.state() == TaskState.OPEN && run(tables, task).paused().isEmpty();
          if (open) {
            pulse.hear(task, phase, fraction);
          }
          // Done meanwhile: the site may still wait for the answer to its report.
          return open || task.state() == TaskState.DONE;
        });
  }

  /**
   * A task is done.
   *
   * @return whether it was wanted; saying so twice does no harm
   * @throws Refusal NOT_FOUND if the site has no such task; NOT_READY if the result names an
   *     artifact that was not uploaded; UNFIT if the result does not fit the task, which has failed
   *     with that
   */
  public boolean done(String site, String taskId, TaskResult result) {
    StoredTask before = database.read(tables -> find(tables, site, taskId));
    if (before.state() != TaskState.OPEN) {
      return before.state() == TaskState.DONE;
    }
    StoredRun run = database.read(t -> t.runs().find(before.runId())).orElseThrow();
    StoredSite known = database.read(t -> t.sites().find(site)).orElseThrow();
    TaskResult checked;
    try {
      checked = intake.check(before, known, conductor.specification(run), result);
    } catch (InvalidInputException e) {
      String message = "its result was refused: " + e.getMessage();
      failed(site, taskId, message, false);
      throw new Refusal(Reason.UNFIT, "task " + taskId + ": " + message);
    }
    StoredTask found =
        end(
            site,
            taskId,
            "done",
            (tables, task) -> {
              tables.tasks().finish(taskId, checked);
              tables.uploads().named(site, checked.artifacts());
            });
    if (found.state() == TaskState.OPEN) {
      journal.note(accepted(site, found, result));
    }
    conductor.wake(run.id());
    return found.state() == TaskState.OPEN || found.state() == TaskState.DONE;
  }

  /**
   * A task could not be done.
   *
   * @param retryable whether trying again on the same site can help
   * @return whether it was wanted
   * @throws Refusal NOT_FOUND if the site has no such task
   */
  public boolean failed(String site, String taskId, String message, boolean retryable) {
    StoredTask found =
        end(
            site,
            taskId,
            "failed",
            (tables, task) -> {
              Instant retryAt = clock.instant().plus(TaskView.pause(task.view().attempts()));
              tables.tasks().fail(taskId, retryable, retryAt, message);
            });
    if (found.state() == TaskState.OPEN) {
      LOG.warn("task {} failed: {}", taskId, message);
    }
    conductor.wake(found.runId());
    return found.state() == TaskState.OPEN || found.state() == TaskState.FAILED;
  }

  /**
   * Ends a task that is open; it is counted once that is stored.
   *
   * @return the task as it was found
   */
  private StoredTask end(
      String site, String taskId, String outcome, BiConsumer<Tables, StoredTask> change) {
    Instant now = clock.instant();
    StoredTask found =
        database.write(
            tables -> {
              StoredTask task = find(tables, site, taskId);
              // Word about one task shows that the site is alive, so its other tasks wait as well.
              tables.tasks().extendLeases(site, now.plus(lease));
              tables.sites().seen(site, now);
              if (task.state() == TaskState.OPEN) {
                change.accept(tables, task);
              }
              return task;
            });
    if (found.state() == TaskState.OPEN) {
      metrics.taskEnded(ConfigNode.word(found.key().kind()), outcome);
    }
    watchers.changed(found.runId());
    return found;
  }

  private static Deed accepted(String site, StoredTask task, TaskResult result) {
    Deed deed =
        Deed.of("site " + site, Act.RESULT_ACCEPTED)
            .about("run", task.runId())
            .about("task", task.id());
    result.weights().ifPresent(digest -> deed.about("weights", digest));
    result.scores().ifPresent(digest -> deed.about("scores", digest));
    result.moments().ifPresent(digest -> deed.about("moments", digest));
    result.publicKey().ifPresent(digest -> deed.about("public_key", digest));
    return deed;
  }

  private static StoredRun run(Tables tables, StoredTask task) {
    return tables.runs().find(task.runId()).orElseThrow();
  }

  private static StoredTask find(Tables tables, String site, String taskId) {
    return tables
        .tasks()
        .find(taskId)
        .filter(task -> task.key().site().equals(site))
        .orElseThrow(
            () ->
                new Refusal(Reason.NOT_FOUND, "site " + site + " has no task \"" + taskId + "\""));
  }
}
