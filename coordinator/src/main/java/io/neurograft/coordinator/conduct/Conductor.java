package io.neurograft.coordinator.conduct;

import io.neurograft.coordinator.metrics.CoordinatorMetrics;
import io.neurograft.coordinator.run.Action;
import io.neurograft.coordinator.run.RunEvent;
import io.neurograft.coordinator.run.RunSpec;
import io.neurograft.coordinator.run.SiteView;
import io.neurograft.coordinator.run.TaskKey;
import io.neurograft.coordinator.run.Transitions;
import io.neurograft.coordinator.store.Database;
import io.neurograft.coordinator.store.StorageException;
import io.neurograft.coordinator.store.StoredRun;
import io.neurograft.coordinator.store.StoredSite;
import io.neurograft.neural.config.InvalidInputException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes runs forward. One thread plans, commits, and only then tells sites and jobs; whoever
 * changes something wakes it. A tick looks at deadlines and leases. Nothing is lost if it dies
 * between commit and telling: open tasks are told again when their site attaches or when their
 * lease runs out, and jobs are planned again.
 */
public final class Conductor implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Conductor.class);

  private final Database database;
  private final AttachedSites sites;
  private final Pulse pulse;
  private final Jobs jobs;
  private final RunWatchers watchers;
  private final CoordinatorMetrics metrics;
  private final InstantSource clock;
  private final Duration lease;
  private final Dispatch dispatch;

  /** Runs that will be looked at soon anyway: a hundred reports at once need one plan. */
  private final Set<String> woken = ConcurrentHashMap.newKeySet();

  private final ScheduledExecutorService thread =
      Executors.newSingleThreadScheduledExecutor(
          work -> {
            Thread made = new Thread(work, "conductor");
            made.setDaemon(true);
            return made;
          });

  /**
   * @param lease how long a site may be silent about its tasks before they are sent again
   */
  public Conductor(
      Database database,
      AttachedSites sites,
      Pulse pulse,
      Jobs jobs,
      RunWatchers watchers,
      CoordinatorMetrics metrics,
      InstantSource clock,
      Duration lease) {
    this.database = database;
    this.sites = sites;
    this.pulse = pulse;
    this.jobs = jobs;
    this.watchers = watchers;
    this.metrics = metrics;
    this.clock = clock;
    this.lease = lease;
    this.dispatch = new Dispatch(database, sites, lease);
  }

  /**
   * Takes up all runs that go on, before any site can attach: they could not report while no
   * coordinator was there, so they are given their time again.
   */
  public void resume() {
    for (String runId : database.read(tables -> tables.runs().going())) {
      StoredRun run = database.read(tables -> tables.runs().find(runId)).orElseThrow();
      if (run.paused().isEmpty()) {
        LOG.info("goes on with run {}: {}", runId, run.state());
        resume(run);
      }
    }
  }

  /** Starts: goes on with every run where it was, and looks at the clock from now on. */
  public void start(Duration tick) {
    var unused =
        thread.scheduleWithFixedDelay(this::tick, 0, tick.toMillis(), TimeUnit.MILLISECONDS);
  }

  /**
   * Takes up a run that stood still: its tasks are sent again, and its sites have all their time.
   */
  void resume(StoredRun run) {
    try {
      Duration deadline = RunSpec.parse(run.specification(), run.id()).deadline();
      Instant now = clock.instant();
      database.write(
          tables -> {
            tables.runs().resume(run.id(), now);
            tables.tasks().postpone(run.id(), now.plus(deadline));
            return run;
          });
    } catch (InvalidInputException e) {
      fail(run.id(), String.valueOf(e.getMessage()));
    }
  }

  /**
   * A site is there: notes it, sends it the tasks it still has, tells it what is over, and looks
   * whether it was awaited.
   *
   * @param runs for which the site keeps something
   */
  public void attach(StoredSite site, SiteLink link, List<String> runs) {
    database.write(
        tables -> {
          tables.sites().save(site);
          return site;
        });
    SiteView view = new SiteView(site.name(), site.inputShape(), site.classCounts());
    execute(
        () -> {
          sites.attach(view, link);
          dispatch.giveAll(site.name(), clock.instant());
          dispatch.tellOver(link, runs);
          advanceAll();
        });
  }

  /** A site's line has ended. */
  public void detach(String site, SiteLink link) {
    execute(() -> sites.detach(site, link));
  }

  /** Looks at a run soon: something about it has changed. */
  public void wake(String runId) {
    if (woken.add(runId)) {
      execute(() -> advance(runId));
    }
  }

  private void execute(Runnable work) {
    try {
      thread.execute(() -> guard(work));
    } catch (RejectedExecutionException e) {
      LOG.debug("not done any more: the coordinator stops");
    }
  }

  private void tick() {
    guard(
        () -> {
          pulse.write(clock.instant()).forEach(watchers::changed);
          dispatch.remind(clock.instant());
          advanceAll();
        });
  }

  private void advanceAll() {
    List<String> going = database.read(tables -> tables.runs().going());
    going.forEach(this::wake);
  }

  private void advance(String runId) {
    woken.remove(runId);
    try {
      Optional<StoredRun> run = database.read(tables -> tables.runs().find(runId));
      if (run.isEmpty() || (run.get().paused().isPresent() && !run.get().state().ended())) {
        return;
      }
      RunSpec spec = RunSpec.parse(run.get().specification(), runId);
      Instant now = clock.instant();
      Carrier.Told told =
          database.write(
              tables -> {
                StoredRun current = tables.runs().find(runId).orElseThrow();
                return new Carrier(tables, current, spec, metrics, now, lease)
                    .advance(sites.views());
              });
      tell(run.get(), spec, told);
    } catch (InvalidInputException e) {
      fail(runId, String.valueOf(e.getMessage()));
    }
  }

  private void tell(StoredRun run, RunSpec spec, Carrier.Told told) {
    told.give().forEach(dispatch::give);
    told.revoke().forEach(drop -> dispatch.revoke(run, drop));
    for (Action job : told.jobs()) {
      jobs.start(run.id(), spec, job, new JobEnds());
    }
    if (told.over()) {
      dispatch.over(run.id());
    }
    if (told.changed()) {
      watchers.changed(run.id());
    }
  }

  /** Ends a run that cannot go on. */
  private void fail(String runId, String message) {
    LOG.error("run {} failed: {}", runId, message);
    end(runId, RunEvent.FAULT, message);
  }

  /** Something about a run was changed by an operator. */
  void told(String runId) {
    watchers.changed(runId);
    wake(runId);
  }

  /** Ends a run by an event, unless it has ended; its open tasks are taken back soon. */
  void end(String runId, RunEvent event, String message) {
    Instant now = clock.instant();
    boolean ended =
        database.write(
            tables -> {
              StoredRun run = tables.runs().find(runId).orElseThrow();
              if (run.state().ended()) {
                return false;
              }
              var state = Transitions.next(run.state(), event);
              tables.runs().move(runId, state, run.round(), message, now);
              return true;
            });
    if (ended) {
      watchers.changed(runId);
      wake(runId);
    }
  }

  private void guard(Runnable work) {
    try {
      work.run();
    } catch (StorageException e) {
      LOG.debug("the conductor tries again at the next tick", e);
    } catch (RuntimeException e) {
      if (!thread.isShutdown()) {
        LOG.error("the conductor could not finish a step; it tries again at the next tick", e);
      }
    }
  }

  @Override
  public void close() {
    thread.shutdownNow();
    try {
      if (!thread.awaitTermination(10, TimeUnit.SECONDS)) {
        LOG.warn("the conductor did not stop in time");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** What follows when a job ends. */
  private final class JobEnds implements Jobs.Listener {
    @Override
    public void progress(String runId, String message) {
      database.write(
          tables -> {
            tables.runs().note(runId, message);
            return runId;
          });
      watchers.changed(runId);
    }

    @Override
    public void ask(String runId, List<TaskKey> keys) {
      Instant now = clock.instant();
      List<String> ids =
          database.write(
              tables -> {
                StoredRun run = tables.runs().find(runId).orElseThrow();
                if (run.state().ended()) {
                  return List.of();
                }
                Duration deadline = RunSpec.parse(run.specification(), runId).deadline();
                keys.forEach(
                    key -> tables.tasks().create(run, key, now.plus(deadline), now.plus(lease)));
                return keys.stream().map(run::taskId).toList();
              });
      execute(() -> ids.forEach(dispatch::give));
      watchers.changed(runId);
    }

    @Override
    public void done(String runId) {
      wake(runId);
    }

    @Override
    public void failed(String runId, String message) {
      execute(() -> fail(runId, message));
    }
  }
}
