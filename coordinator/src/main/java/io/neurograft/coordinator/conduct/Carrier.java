package io.neurograft.coordinator.conduct;

import io.neurograft.coordinator.run.Action;
import io.neurograft.coordinator.run.ModelKey;
import io.neurograft.coordinator.run.RunEvent;
import io.neurograft.coordinator.run.RunPlanner;
import io.neurograft.coordinator.run.RunSpec;
import io.neurograft.coordinator.run.SiteView;
import io.neurograft.coordinator.run.Transitions;
import io.neurograft.coordinator.store.StoredModel;
import io.neurograft.coordinator.store.StoredRun;
import io.neurograft.coordinator.store.StoredSite;
import io.neurograft.coordinator.store.Tables;
import io.neurograft.proto.audit.Act;
import io.neurograft.proto.audit.Deed;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiFunction;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Carries the planner's actions out on the tables, within one transaction, and collects what is to
 * be told to others once that is committed.
 */
final class Carrier {
  private static final Logger LOG = LoggerFactory.getLogger(Carrier.class);

  /** A plan ends after a few steps; more would be a planner that goes round in circles. */
  private static final int MOST_STEPS = 20;

  /**
   * What to tell once the transaction is committed.
   *
   * @param rounds kinds of rounds that have ended with a quorum
   * @param deeds what the audit log is to tell
   * @param over whether the run has ended
   */
  record Told(
      List<String> give,
      List<Action.Drop> revoke,
      List<Action> jobs,
      List<String> rounds,
      List<Deed> deeds,
      boolean changed,
      boolean over) {}

  private final Tables tables;
  private final RunSpec spec;
  private final Instant now;
  private final BiFunction<String, Instant, Instant> lease;
  private final Told told =
      new Told(
          new ArrayList<>(),
          new ArrayList<>(),
          new ArrayList<>(),
          new ArrayList<>(),
          new ArrayList<>(),
          false,
          false);
  private StoredRun run;

  /**
   * @param lease until when a site may be silent about what it is given at a time
   */
  Carrier(
      Tables tables,
      StoredRun run,
      RunSpec spec,
      Instant now,
      BiFunction<String, Instant, Instant> lease) {
    this.tables = tables;
    this.run = run;
    this.spec = spec;
    this.now = now;
    this.lease = lease;
  }

  /** Plans and carries out until nothing but the coordinator's own jobs is left to do. */
  Told advance() {
    List<SiteView> attached =
        tables.sites().attached(tables.now()).stream().map(StoredSite::view).toList();
    for (int step = 0; step < MOST_STEPS; step++) {
      List<Action> actions =
          RunPlanner.plan(spec.rules(), ViewReader.read(tables, run, spec, attached), now);
      if (actions.stream().allMatch(Carrier::isJob)) {
        told.jobs.addAll(actions);
        return new Told(
            told.give,
            told.revoke,
            told.jobs,
            told.rounds,
            told.deeds,
            step > 0,
            run.state().ended());
      }
      actions.forEach(this::carry);
      run = tables.runs().find(run.id()).orElseThrow();
    }
    throw new IllegalStateException("the plan of " + run.id() + " does not come to an end");
  }

  private static boolean isJob(Action action) {
    return action instanceof Action.Fuse || action instanceof Action.Average;
  }

  private void carry(Action action) {
    if (action instanceof Action.Issue issue) {
      tables
          .tasks()
          .create(run, issue.key(), issue.deadline(), lease.apply(issue.key().site(), now));
      told.give.add(run.taskId(issue.key()));
    } else if (action instanceof Action.Retry retry) {
      LOG.info("gives {} out again: {}", run.taskId(retry.key()), retry.reason());
      tables
          .tasks()
          .retry(run.taskId(retry.key()), retry.reason(), lease.apply(retry.key().site(), now));
      told.give.add(run.taskId(retry.key()));
    } else if (action instanceof Action.Drop drop) {
      tables.tasks().drop(run.taskId(drop.key()), drop.reason());
      told.revoke.add(drop);
    } else if (action instanceof Action.Choose choose) {
      tables.runs().publish(run.id(), choose.model());
      told.deeds.add(published(choose.model()));
    } else if (action instanceof Action.Note note) {
      tables.runs().note(run.id(), note.message());
    } else if (action instanceof Action.Move move) {
      move(move);
    }
  }

  private Deed published(ModelKey model) {
    String digest = tables.models().find(run.id(), model).map(StoredModel::digest).orElse("");
    return Deed.of("coordinator", Act.RUN_PUBLISHED)
        .about("run", run.id())
        .about("method", model.method())
        .about("round", model.round())
        .about("digest", digest);
  }

  private void move(Action.Move move) {
    var next = Transitions.next(run.state(), move.event());
    LOG.info("run {}: {} -> {} ({})", run.id(), run.state(), next, move.message());
    tables.runs().move(run.id(), next, move.round(), move.message(), tables.now());
    told.deeds.add(Conductor.moved(run.id(), next.name(), move.message()));
    if (move.event() == RunEvent.MEMBERS_TRAINED) {
      told.rounds.add("train");
    } else if (move.event() == RunEvent.SITES_TUNED) {
      told.rounds.add("fine-tune");
    }
  }
}
