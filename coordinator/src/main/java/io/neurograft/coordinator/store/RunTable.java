package io.neurograft.coordinator.store;

import io.neurograft.coordinator.run.ModelKey;
import io.neurograft.coordinator.run.RunState;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jdbi.v3.core.Handle;

/** The runs. */
public final class RunTable {
  static final String ENDED =
      Arrays.stream(RunState.values())
          .filter(RunState::ended)
          .map(state -> "'" + state.name() + "'")
          .collect(Collectors.joining(", "));

  /** What has not ended, or still has open tasks to be taken back. */
  private static final String GOING =
      "(state NOT IN (" + ENDED + ") OR id IN (SELECT run_id FROM tasks WHERE state = 'OPEN'))";

  private final Handle handle;

  RunTable(Handle handle) {
    this.handle = handle;
  }

  /**
   * Stores a new run; its identity is its name with the next number of this database. Doing so
   * twice makes two runs: a caller that was told of no identity looks at the list before it tries
   * again.
   *
   * @param token see {@link StoredRun}
   */
  public String create(String name, String token, String specification, Instant now) {
    long number =
        handle
            .createQuery(
                "SELECT COALESCE(MAX(number), 0) + 1 FROM (SELECT number FROM runs"
                    + " UNION ALL SELECT number FROM deleted_runs) numbers")
            .mapTo(Long.class)
            .one();
    String id = name + "-" + number;
    handle
        .createUpdate(
            "INSERT INTO runs (id, number, token, name, specification, state, round, created, changed,"
                + " message) VALUES (:id, :number, :token, :name, :specification, :state, 0, :now, :now,"
                + " '')")
        .bind("id", id)
        .bind("number", number)
        .bind("token", token)
        .bind("name", name)
        .bind("specification", specification)
        .bind("state", RunState.GATHERING.name())
        .bind("now", now.toEpochMilli())
        .execute();
    return id;
  }

  /** One run. */
  public Optional<StoredRun> find(String id) {
    return handle
        .createQuery("SELECT * FROM runs WHERE id = :id")
        .bind("id", id)
        .map((row, context) -> run(row))
        .findOne();
  }

  /** All runs, the newest first. */
  public List<StoredRun> all() {
    return handle
        .createQuery("SELECT * FROM runs ORDER BY number DESC")
        .map((row, context) -> run(row))
        .list();
  }

  /** The runs that go on and that a coordinator leads. */
  public List<Lease> ledBy(String coordinator) {
    return handle
        .createQuery("SELECT id, fence FROM runs WHERE leader = :leader AND " + GOING)
        .bind("leader", coordinator)
        .map((row, context) -> new Lease(row.getString("id"), row.getLong("fence")))
        .list();
  }

  /** Goes on leading, until then, what a coordinator leads at a time. */
  public void renew(String coordinator, Instant now, Instant until) {
    handle
        .createUpdate(
            "UPDATE runs SET leader_until = :until WHERE leader = :leader AND leader_until > :now"
                + " AND "
                + GOING)
        .bind("leader", coordinator)
        .bind("now", now.toEpochMilli())
        .bind("until", until.toEpochMilli())
        .execute();
  }

  /**
   * Takes the lead of all runs that go on and that nobody leads any more at a time, whoever led
   * them.
   */
  public void claim(String coordinator, Instant now, Instant until) {
    handle
        .createUpdate(
            "UPDATE runs SET leader = :leader, leader_until = :until, fence = fence + 1"
                + " WHERE leader_until <= :now AND "
                + GOING)
        .bind("leader", coordinator)
        .bind("now", now.toEpochMilli())
        .bind("until", until.toEpochMilli())
        .execute();
  }

  /** Gives away what a coordinator leads: another can take it at once. */
  public void release(String coordinator) {
    handle
        .createUpdate("UPDATE runs SET leader_until = 0 WHERE leader = :leader AND " + GOING)
        .bind("leader", coordinator)
        .execute();
  }

  /** Gives away what others lead than a coordinator that has the database to itself. */
  public void releaseOthers(String coordinator) {
    handle
        .createUpdate("UPDATE runs SET leader_until = 0 WHERE leader <> :leader AND " + GOING)
        .bind("leader", coordinator)
        .execute();
  }

  /** Whether the term of a run's leader is over at a time; nobody may have taken the lead yet. */
  public boolean lapsed(String id, Instant now) {
    return handle
        .createQuery("SELECT COUNT(*) FROM runs WHERE id = :id AND leader_until <= :now")
        .bind("id", id)
        .bind("now", now.toEpochMilli())
        .mapTo(Long.class)
        .one()
        .equals(1L);
  }

  /**
   * Checks that a lease still holds.
   *
   * @throws LostLeaseException if it does not
   */
  void require(Lease lease) {
    if (!holds(lease)) {
      throw new LostLeaseException(lease);
    }
  }

  /** Whether a run is there, and has no other leader. */
  public boolean holds(Lease lease) {
    return find(lease.runId()).filter(run -> run.fence() == lease.fence()).isPresent();
  }

  /** The runs that have ended since a time by the database's clock. */
  public List<String> endedSince(Instant time) {
    return handle
        .createQuery("SELECT id FROM runs WHERE changed >= :time AND state IN (" + ENDED + ")")
        .bind("time", time.toEpochMilli())
        .mapTo(String.class)
        .list();
  }

  /** Whether a run has ended; it may be deleted by now. */
  public boolean over(String id) {
    return handle
        .createQuery(
            "SELECT EXISTS (SELECT 1 FROM runs WHERE id = :id AND state IN ("
                + ENDED
                + ")) OR EXISTS (SELECT 1 FROM deleted_runs WHERE id = :id)")
        .bind("id", id)
        .mapTo(Boolean.class)
        .one();
  }

  /** The number of runs in a state. */
  public long count(RunState state) {
    return handle
        .createQuery("SELECT COUNT(*) FROM runs WHERE state = :state")
        .bind("state", state.name())
        .mapTo(Long.class)
        .one();
  }

  /**
   * Takes a run to another state.
   *
   * @param now by the database's clock, as coordinators that share it compare this
   */
  public void move(String id, RunState state, int round, String message, Instant now) {
    handle
        .createUpdate(
            "UPDATE runs SET state = :state, round = :round, message = :message, changed = :now"
                + " WHERE id = :id")
        .bind("id", id)
        .bind("state", state.name())
        .bind("round", round)
        .bind("message", message)
        .bind("now", now.toEpochMilli())
        .execute();
  }

  /** Notes what is going on in a run; one that has ended keeps its last word. */
  public void note(String id, String message) {
    handle
        .createUpdate(
            "UPDATE runs SET message = :message WHERE id = :id AND state NOT IN (" + ENDED + ")")
        .bind("id", id)
        .bind("message", message)
        .execute();
  }

  /**
   * Has a run stand still from now on; one that stands still already, or has ended, stays as it is.
   */
  public void pause(String id, Instant now) {
    handle
        .createUpdate(
            "UPDATE runs SET paused = :now WHERE id = :id AND paused IS NULL AND state NOT IN ("
                + ENDED
                + ")")
        .bind("id", id)
        .bind("now", now.toEpochMilli())
        .execute();
  }

  /** Takes a run up again. */
  public void resume(String id, Instant now) {
    handle
        .createUpdate("UPDATE runs SET paused = NULL, resumed = :now WHERE id = :id")
        .bind("id", id)
        .bind("now", now.toEpochMilli())
        .execute();
  }

  /** Notes which model is the run's result. */
  public void publish(String id, ModelKey model) {
    handle
        .createUpdate(
            "UPDATE runs SET published_method = :method, published_round = :round WHERE id = :id")
        .bind("id", id)
        .bind("method", model.method())
        .bind("round", model.round())
        .execute();
  }

  /**
   * Deletes a run with all that names it. Its artifacts are collected later, where no other run
   * names them; its number is not given again.
   *
   * @return false if it has not ended, or still has open tasks: then it stays as it is
   */
  public boolean delete(String id, Instant now) {
    boolean going =
        handle
            .createQuery("SELECT id FROM runs WHERE id = :id AND " + GOING)
            .bind("id", id)
            .mapTo(String.class)
            .findOne()
            .isPresent();
    if (going) {
      return false;
    }
    handle
        .createUpdate(
            "INSERT INTO deleted_runs (number, id, deleted)"
                + " SELECT number, id, :now FROM runs WHERE id = :id")
        .bind("id", id)
        .bind("now", now.toEpochMilli())
        .execute();
    for (String table : List.of("screenings", "evaluations", "models", "exchanges", "tasks")) {
      handle.createUpdate("DELETE FROM " + table + " WHERE run_id = :id").bind("id", id).execute();
    }
    return handle.createUpdate("DELETE FROM runs WHERE id = :id").bind("id", id).execute() > 0;
  }

  private static StoredRun run(ResultSet row) throws SQLException {
    int publishedRound = row.getInt("published_round");
    return new StoredRun(
        row.getString("id"),
        row.getString("token"),
        row.getString("name"),
        row.getString("specification"),
        RunState.valueOf(row.getString("state")),
        row.getInt("round"),
        Columns.time(row, "created"),
        Columns.time(row, "changed"),
        Columns.someTime(row, "paused"),
        Columns.time(row, "resumed"),
        row.getLong("fence"),
        row.getString("message"),
        Columns.text(row, "published_method").map(method -> new ModelKey(method, publishedRound)));
  }
}
