package io.neurograft.coordinator.conduct;

import io.neurograft.coordinator.run.Action;
import io.neurograft.coordinator.run.TaskState;
import io.neurograft.coordinator.store.Database;
import io.neurograft.coordinator.store.StoredRun;
import io.neurograft.coordinator.store.StoredTask;
import io.neurograft.coordinator.store.Tables;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Gives attached sites what the database says they have to do. A site that is not attached gets it
 * when it is.
 */
final class Dispatch {
  private final Database database;
  private final AttachedSites sites;
  private final Specifications specifications;
  private final Duration lease;

  Dispatch(Database database, AttachedSites sites, Specifications specifications, Duration lease) {
    this.database = database;
    this.sites = sites;
    this.specifications = specifications;
    this.lease = lease;
  }

  /** Gives a task to its site, if it is still open. */
  void give(String taskId) {
    Optional<StoredTask> task = database.read(tables -> tables.tasks().find(taskId));
    Optional<SiteLink> link = task.flatMap(found -> sites.link(found.key().site()));
    if (task.isPresent() && link.isPresent()) {
      database.read(tables -> order(tables, task.get())).ifPresent(link.get()::give);
    }
  }

  /** Takes a task back. */
  void revoke(StoredRun run, Action.Drop drop) {
    sites
        .link(drop.key().site())
        .ifPresent(link -> link.revoke(run.taskId(drop.key()), drop.reason()));
  }

  /** Tells all sites that a run is over; those that are not attached hear it when they are. */
  void over(String runId) {
    sites.links().forEach(link -> link.over(runId));
  }

  /** Tells a site which of some runs are over, those that were deleted since among them. */
  void tellOver(SiteLink link, List<String> runIds) {
    for (String runId : runIds) {
      if (database.<Boolean>read(tables -> tables.runs().over(runId))) {
        link.over(runId);
      }
    }
  }

  /** Gives a site all that it has to do, and time to answer. */
  void giveAll(String site, Instant now) {
    Optional<SiteLink> link = sites.link(site);
    if (link.isEmpty() || database.read(tables -> tables.tasks().open(site)).isEmpty()) {
      return;
    }
    List<TaskOrder> orders =
        database.write(
            tables -> {
              tables.tasks().extendLeases(site, now.plus(lease));
              List<TaskOrder> open = new ArrayList<>();
              tables.tasks().open(site).forEach(task -> order(tables, task).ifPresent(open::add));
              return open;
            });
    orders.forEach(link.get()::give);
  }

  /** Gives all sites again what they have been silent about for too long. */
  void remind(Instant now) {
    List<String> silent = database.read(tables -> tables.tasks().sitesWithExpiredLeases(now));
    silent.forEach(site -> giveAll(site, now));
  }

  private Optional<TaskOrder> order(Tables tables, StoredTask task) {
    StoredRun run = tables.runs().find(task.runId()).orElseThrow();
    if (task.state() != TaskState.OPEN || !run.working()) {
      return Optional.empty();
    }
    return Optional.of(Orders.order(tables, run, specifications.of(run), task));
  }
}
