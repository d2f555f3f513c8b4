package io.neurograft.coordinator.store;

import io.neurograft.coordinator.run.TaskKind;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jdbi.v3.core.Handle;

/**
 * What nobody needs any more. An artifact is needed while a model, an exchange or a task names it.
 * It is collected in three steps, each of which can be done twice: it is claimed, in one
 * transaction, where nobody names it; its bytes are deleted; its row is deleted.
 */
public final class CollectionTable {
  private static final String NEEDED =
      "EXISTS (SELECT 1 FROM models WHERE digest = a.digest)"
          + " OR EXISTS (SELECT 1 FROM exchanges WHERE question = a.digest)"
          + " OR EXISTS (SELECT 1 FROM tasks WHERE weights = a.digest)"
          + " OR EXISTS (SELECT 1 FROM tasks WHERE scores = a.digest)"
          + " OR EXISTS (SELECT 1 FROM tasks WHERE moments = a.digest)"
          + " OR EXISTS (SELECT 1 FROM tasks WHERE public_key = a.digest)";

  private final Handle handle;

  CollectionTable(Handle handle) {
    this.handle = handle;
  }

  /**
   * An artifact that is being collected.
   *
   * @param object its name in the bucket, where it has one
   * @param since when it was claimed
   */
  public record Claim(String digest, long size, Optional<String> object, Instant since) {}

  /**
   * Has runs stop naming what they do not need any more: what sites fine-tuned, once its average is
   * stored; and of runs that ended before a time, that as well as keys, questions and answers.
   */
  public void release(Instant endedBefore) {
    handle
        .createUpdate(
            "UPDATE tasks SET weights = NULL WHERE weights IS NOT NULL AND kind = :kind"
                + " AND (EXISTS (SELECT 1 FROM models m WHERE m.run_id = tasks.run_id"
                + " AND m.method = tasks.method AND m.round = tasks.round)"
                + " OR "
                + ended("tasks.run_id")
                + ")")
        .bind("kind", TaskKind.FINE_TUNE.name())
        .bind("before", endedBefore.toEpochMilli())
        .execute();
    for (String column : List.of("moments", "public_key")) {
      handle
          .createUpdate(
              "UPDATE tasks SET %s = NULL WHERE %s IS NOT NULL AND %s"
                  .formatted(column, column, ended("tasks.run_id")))
          .bind("before", endedBefore.toEpochMilli())
          .execute();
    }
    handle
        .createUpdate("DELETE FROM exchanges WHERE " + ended("exchanges.run_id"))
        .bind("before", endedBefore.toEpochMilli())
        .execute();
  }

  private static String ended(String run) {
    return "EXISTS (SELECT 1 FROM runs r WHERE r.id = %s AND r.changed < :before AND r.state IN (%s))"
        .formatted(run, RunTable.ENDED);
  }

  /**
   * Claims artifacts that nobody names.
   *
   * @param untouchedSince only what was neither stored nor sent again since then; a report keeps
   *     what it names
   * @param most how many at most
   */
  public List<Claim> claim(Instant untouchedSince, int most, Instant now) {
    return claim(
        "state <> 'COLLECTING' AND stored < :since AND NOT (" + NEEDED + ")",
        untouchedSince,
        most,
        now);
  }

  /**
   * Claims again what was claimed, and not brought to its end.
   *
   * @param claimedUntil only what was claimed by then: it is taken to be given up
   * @param most how many at most
   */
  public List<Claim> claimAgain(Instant claimedUntil, int most, Instant now) {
    return claim("state = 'COLLECTING' AND stored <= :since", claimedUntil, most, now);
  }

  private List<Claim> claim(String which, Instant since, int most, Instant now) {
    List<Claim> claims =
        handle
            .createQuery(
                "SELECT digest, size, object FROM artifacts a WHERE "
                    + which
                    + " ORDER BY stored LIMIT :most")
            .bind("since", since.toEpochMilli())
            .bind("most", most)
            .map((row, context) -> claim(row, now))
            .list();
    claims.forEach(this::mark);
    return claims;
  }

  /** Claims those of some artifacts that nobody names, however lately they were sent. */
  public List<Claim> claim(Collection<String> digests, Instant now) {
    List<Claim> claims = new ArrayList<>();
    for (String digest : digests) {
      handle
          .createQuery(
              "SELECT digest, size, object FROM artifacts a WHERE digest = :digest"
                  + " AND state <> 'COLLECTING' AND NOT ("
                  + NEEDED
                  + ")")
          .bind("digest", digest)
          .map((row, context) -> claim(row, now))
          .findOne()
          .ifPresent(claims::add);
    }
    claims.forEach(this::mark);
    return claims;
  }

  private static Claim claim(ResultSet row, Instant now) throws SQLException {
    return new Claim(
        row.getString("digest"), row.getLong("size"), Columns.text(row, "object"), now);
  }

  private void mark(Claim claim) {
    handle
        .createUpdate(
            "UPDATE artifacts SET state = 'COLLECTING', stored = :now WHERE digest = :digest")
        .bind("digest", claim.digest())
        .bind("now", claim.since().toEpochMilli())
        .execute();
  }

  /** Whether a claim still stands: its artifact was not collected by another meanwhile. */
  public boolean holds(Claim claim) {
    return handle
        .createQuery(
            "SELECT COUNT(*) FROM artifacts"
                + " WHERE digest = :digest AND state = 'COLLECTING' AND stored = :since")
        .bind("digest", claim.digest())
        .bind("since", claim.since().toEpochMilli())
        .mapTo(Long.class)
        .one()
        .equals(1L);
  }

  /** Forgets an artifact whose bytes are deleted. */
  public void forget(Claim claim) {
    handle
        .createUpdate(
            "DELETE FROM artifacts"
                + " WHERE digest = :digest AND state = 'COLLECTING' AND stored = :since")
        .bind("digest", claim.digest())
        .bind("since", claim.since().toEpochMilli())
        .execute();
  }

  /** Which of some artifacts there are, in any state. */
  public Set<String> known(Collection<String> digests) {
    return among("digest", digests);
  }

  /** Which of some names of objects belong to artifacts, in any state. */
  public Set<String> knownObjects(Collection<String> objects) {
    return among("object", objects);
  }

  private Set<String> among(String column, Collection<String> values) {
    return values.isEmpty()
        ? Set.of()
        : handle
            .createQuery(
                "SELECT %s FROM artifacts WHERE %s IN (<values>)".formatted(column, column))
            .bindList("values", List.copyOf(values))
            .mapTo(String.class)
            .set();
  }
}
