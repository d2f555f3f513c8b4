package io.neurograft.coordinator.conduct;

import io.neurograft.coordinator.audit.Journal;
import io.neurograft.coordinator.conduct.Refusal.Reason;
import io.neurograft.coordinator.metrics.CoordinatorMetrics;
import io.neurograft.coordinator.run.Action;
import io.neurograft.coordinator.run.RunEvent;
import io.neurograft.coordinator.run.RunSpec;
import io.neurograft.coordinator.run.TaskKey;
import io.neurograft.coordinator.run.Transitions;
import io.neurograft.coordinator.store.Database;
import io.neurograft.coordinator.store.Lease;
import io.neurograft.coordinator.store.LostLeaseException;
import io.neurograft.coordinator.store.StorageException;
import io.neurograft.coordinator.store.StoredRun;
import io.neurograft.coordinator.store.StoredSite;
import io.neurograft.coordinator.store.Tables;
import io.neurograft.neural.config.ConfigNode;
import io.neurograft.neural.config.InvalidInputException;
import io.neurograft.proto.audit.Act;
import io.neurograft.proto.audit.Deed;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
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

  /** How many times as long as its plan took a run is left alone. */
  private static final int REST = 9;

  private static final long LONGEST_REST_NANOS = 2_000_000_000L;

  /** More than a commit may take, and than passes between two looks. */
  private static final Duration RECENTLY = Duration.ofMinutes(1);

  private final Database database;
  private final AttachedSites sites;
  private final Leadership leadership;
  private final Pulse pulse;
  private final Jobs jobs;
  private final RunWatchers watchers;
  private final CoordinatorMetrics metrics;
  private final Journal journal;
  private final InstantSource clock;
  private final Duration lease;
  private final Specifications specifications = new Specifications();
  private final Dispatch dispatch;

  /** Runs that will be looked at soon anyway: a hundred reports at once need one plan. */
  private final Set<String> woken = ConcurrentHashMap.newKeySet();

  /**
   * Until when, in nanoseconds, a run is left alone: for some times as long as the last plan took,
   * since a plan looks at all sites and nothing else is written meanwhile.
   */
  private final Map<String, Long> resting = new ConcurrentHashMap<>();

  /** Runs that have ended recently, of which all sites were told. */
  private Set<String> toldOver = Set.of();

  private final AtomicBoolean attached = new AtomicBoolean();

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
      Leadership leadership,
      Pulse pulse,
      Jobs jobs,
      RunWatchers watchers,
      CoordinatorMetrics metrics,
      Journal journal,
      InstantSource clock,
      Duration lease) {
    this.database = database;
    this.sites = sites;
    this.leadership = leadership;
    this.pulse = pulse;
    this.jobs = jobs;
    this.watchers = watchers;
    this.metrics = metrics;
    this.journal = journal;
    this.clock = clock;
    this.lease = lease;
    this.dispatch = new Dispatch(database, sites, specifications, lease);
  }

  /**
   * Takes the lead of all runs that nobody leads, before any site can attach: their sites could not
   * report meanwhile, so they are given their time again.
   *
   * @throws InvalidInputException if another coordinator leads runs and keeps artifacts elsewhere
   */
  public void lead() {
    leadership.join();
    leadership.claim(this::takeUp).forEach(Conductor::log);
  }

  private void takeUp(Tables tables, StoredRun run) {
    if (run.paused().isEmpty()) {
      resume(tables, run);
    }
  }

  private static void log(StoredRun run) {
    LOG.info("leads run {}: {}", run.id(), run.state());
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
    database.write(
        tables -> {
          resume(tables, run);
          return run;
        });
  }

  /**
   * A run's specification.
   *
   * @throws InvalidInputException if this version cannot read it
   */
  RunSpec specification(StoredRun run) {
    return specifications.of(run);
  }

  private void resume(Tables tables, StoredRun run) {
    Instant now = clock.instant();
    tables.runs().resume(run.id(), now);
    try {
      Duration deadline = specifications.of(run).deadline();
      tables.tasks().postpone(run.id(), now.plus(deadline));
    } catch (InvalidInputException e) {
      LOG.debug("run {} fails when it is planned next", run.id(), e);
    }
  }

  /**
   * Notes what a site says of itself. While it takes part in a run it must go on saying the same:
   * its member is judged by it, and its figures are held against it.
   *
   * @throws Refusal NOT_READY if it says otherwise now
   */
  public void admit(StoredSite site) {
    database.write(
        tables -> {
          boolean other =
              tables.sites().find(site.name()).filter(known -> !site.holdsAs(known)).isPresent();
          if (other && tables.participation().takesPart(site.name())) {
            throw new Refusal(
                Reason.NOT_READY,
                "site "
                    + site.name()
                    + " takes part in a run and holds other data now than it said then; give it"
                    + " the same data, or wait until the run has ended");
          }
          tables.sites().save(site);
          return site;
        });
  }

  /**
   * A site is there: sends it the tasks it still has, tells it what is over, and looks whether it
   * was awaited.
   *
   * @param runs for which the site keeps something
   */
  public void attach(String site, SiteLink link, List<String> runs) {
    execute(
        () -> {
          sites.attach(site, link);
          dispatch.tellOver(link, runs); // first: nobody repeats it where the disk is full
          dispatch.giveAll(site, clock.instant());
          if (attached.compareAndSet(false, true)) {
            execute(this::tellAttached);
          }
        });
  }

  /** Sites that come at the same time are told as one, and planned with once. */
  private void tellAttached() {
    attached.set(false);
    sites.tell(database, leadership.coordinator());
    leadership.runs().forEach(this::wake);
  }

  /** Whether a site is attached now, to this coordinator or to another on the same database. */
  public boolean attached(String site) {
    return sites.link(site).isPresent()
        || database.<Boolean>read(tables -> tables.sites().attached(site, tables.now()));
  }

  /** A site's line has ended. */
  public void detach(String site, SiteLink link) {
    execute(() -> sites.detach(site, link));
  }

  /** Looks at a run soon: something about it has changed. */
  public void wake(String runId) {
    if (woken.add(runId)) {
      try {
        long rest = resting.getOrDefault(runId, 0L) - System.nanoTime();
        var unused =
            thread.schedule(
                () -> guard(() -> advance(runId)), Math.max(0, rest), TimeUnit.NANOSECONDS);
      } catch (RejectedExecutionException e) {
        LOG.debug("not done any more: the coordinator stops");
      }
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
    guard(() -> pulse.write(clock.instant()).forEach(watchers::changed));
    guard(() -> sites.tell(database, leadership.coordinator()));
    guard(() -> leadership.renew(this::takeUp).forEach(Conductor::log));
    guard(
        () -> {
          dispatch.remind(clock.instant());
          leadership.runs().forEach(this::wake);
        });
    if (database.shared()) { // others write to it, too
      guard(() -> sites.dropReplaced(database, leadership.coordinator()));
      guard(this::tellWhatEndedElsewhere);
      guard(watchers::changed);
    }
  }

  /** The sites attached here hear of runs that other coordinators lead. */
  private void tellWhatEndedElsewhere() {
    List<String> ended =
        database.read(tables -> tables.runs().endedSince(tables.now().minus(RECENTLY)));
    ended.stream().filter(run -> !toldOver.contains(run)).forEach(dispatch::over);
    toldOver = Set.copyOf(ended);
  }

  private static boolean stands(StoredRun run) {
    return run.paused().isPresent() && !run.state().ended();
  }

  private static boolean lapsed(Tables tables, StoredRun run) {
    return !run.state().ended() && tables.runs().lapsed(run.id(), tables.now());
  }

  private void advance(String runId) {
    woken.remove(runId);
    Optional<Lease> lead = leadership.lease(runId);
    Optional<StoredRun> run = database.read(tables -> tables.runs().find(runId));
    if (lead.isEmpty() || run.isEmpty() || stands(run.get())) {
      return;
    }
    long start = System.nanoTime();
    try {
      RunSpec spec = specifications.of(run.get());
      Instant now = clock.instant();
      Optional<Carrier.Told> told =
          database.write(
              lead.get(),
              tables -> {
                StoredRun current = tables.runs().find(runId).orElseThrow();
                // It may stand still by now. A lease that lapsed unseen is taken anew first: then
                // the sites have the time again that they lost.
                return stands(current) || lapsed(tables, current)
                    ? Optional.empty()
                    : Optional.of(new Carrier(tables, current, spec, now, this::leaseOf).advance());
              });
      if (told.isEmpty()) {
        return;
      }
      long end = System.nanoTime();
      tell(run.get(), lead.get(), spec, told.get());
      if (told.get().over()) {
        leadership.over(runId);
        resting.remove(runId);
      } else {
        resting.put(runId, end + Math.min(REST * (end - start), LONGEST_REST_NANOS));
      }
    } catch (InvalidInputException e) {
      fail(lead.get(), String.valueOf(e.getMessage()));
    }
  }

  /**
   * Until when a site that was given something may be silent; one that is not here gets it next.
   */
  private Instant leaseOf(String site, Instant now) {
    return sites.link(site).isPresent() ? now.plus(lease) : now;
  }

  private void tell(StoredRun run, Lease lead, RunSpec spec, Carrier.Told told) {
    told.give().forEach(dispatch::give);
    for (Action.Drop drop : told.revoke()) {
      metrics.taskEnded(ConfigNode.word(drop.key().kind()), "dropped");
      dispatch.revoke(run, drop);
    }
    told.rounds().forEach(metrics::roundEnded);
    told.deeds().forEach(journal::note);
    for (Action job : told.jobs()) {
      jobs.start(lead, spec, job, new JobEnds(lead));
    }
    if (told.over()) {
      dispatch.over(run.id());
    }
    if (told.changed()) {
      watchers.changed(run.id());
    }
  }

  /** Ends a run that cannot go on. */
  private void fail(Lease lead, String message) {
    LOG.error("run {} failed: {}", lead.runId(), message);
    boolean ended =
        database.write(lead, tables -> end(tables, lead.runId(), RunEvent.FAULT, message));
    if (ended) {
      journal.note(moved(lead.runId(), "FAILED", message));
      told(lead.runId());
    }
  }

  /**
   * Ends a run by an operator's will, unless it has ended; its open tasks are taken back soon.
   *
   * @param before done within the transaction, unless it has ended
   */
  void cancel(String runId, String message, Runnable before) {
    boolean ended =
        database.write(
            tables -> {
              boolean ends = end(tables, runId, RunEvent.CANCEL, message);
              if (ends) {
                before.run();
              }
              return ends;
            });
    if (ended) {
      told(runId);
    }
  }

  /** The line of a run that came to its next state. */
  static Deed moved(String runId, String state, String message) {
    return Deed.of("coordinator", Act.RUN_MOVED)
        .about("run", runId)
        .about("state", state)
        .about("message", message);
  }

  private static boolean end(Tables tables, String runId, RunEvent event, String message) {
    StoredRun run = tables.runs().find(runId).orElseThrow();
    if (run.state().ended()) {
      return false;
    }
    var state = Transitions.next(run.state(), event);
    tables.runs().move(runId, state, run.round(), message, tables.now());
    return true;
  }

  /** A run was created: somebody is to lead it. */
  void created(String runId) {
    execute(
        () -> {
          leadership.claim(
              (tables, run) -> {
                if (!run.id().equals(runId)) {
                  takeUp(tables, run);
                }
              });
          wake(runId);
        });
  }

  /** Something about a run was changed by an operator. */
  void told(String runId) {
    watchers.changed(runId);
    wake(runId);
  }

  private void guard(Runnable work) {
    try {
      work.run();
    } catch (LostLeaseException e) {
      LOG.info("{}", e.getMessage());
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
      leadership.release();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** What follows when a job ends. */
  private final class JobEnds implements Jobs.Listener {
    private final Lease lead;

    JobEnds(Lease lead) {
      this.lead = lead;
    }

    @Override
    public void progress(String message) {
      database.write(
          lead,
          tables -> {
            tables.runs().note(lead.runId(), message);
            return message;
          });
      watchers.changed(lead.runId());
    }

    @Override
    public void ask(List<TaskKey> keys) {
      Instant now = clock.instant();
      List<String> ids =
          database.write(
              lead,
              tables -> {
                StoredRun run = tables.runs().find(lead.runId()).orElseThrow();
                if (run.state().ended()) {
                  return List.of();
                }
                Duration deadline = specifications.of(run).deadline();
                keys.forEach(
                    key ->
                        tables
                            .tasks()
                            .create(run, key, now.plus(deadline), leaseOf(key.site(), now)));
                return keys.stream().map(run::taskId).toList();
              });
      execute(() -> ids.forEach(dispatch::give));
      watchers.changed(lead.runId());
    }

    @Override
    public void done() {
      wake(lead.runId());
    }

    @Override
    public void failed(String message) {
      execute(() -> fail(lead, message));
    }
  }
}
