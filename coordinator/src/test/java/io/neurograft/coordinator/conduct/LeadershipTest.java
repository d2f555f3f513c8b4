package io.neurograft.coordinator.conduct;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.neurograft.coordinator.run.RunState;
import io.neurograft.coordinator.store.Database;
import io.neurograft.coordinator.store.Lease;
import io.neurograft.coordinator.store.StorageException;
import io.neurograft.coordinator.store.StoredRun;
import io.neurograft.coordinator.store.StoredSite;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Who leads runs in a database that a coordinator has to itself. */
final class LeadershipTest {
  private static final Duration TERM = Duration.ofSeconds(10);

  @TempDir Path folder;
  private volatile Instant now = Instant.parse("2026-01-01T00:00:00Z");
  private Database database;
  private Leadership leadership;
  private String run = "";

  @BeforeEach
  void open() {
    database = Database.open(folder.resolve("coordinator.db"), () -> now);
    run = database.write(tables -> tables.runs().create("glyphs", "t", "name: glyphs", now));
    leadership = leadership("one");
  }

  @AfterEach
  void close() {
    database.close();
  }

  private Leadership leadership(String coordinator) {
    return new Leadership(database, coordinator, "", TERM);
  }

  private static List<String> claim(Leadership leadership) {
    return leadership.claim((tables, taken) -> {}).stream().map(StoredRun::id).toList();
  }

  @Test
  void claim_formerProcessHadARunAndASite_takesTheRunAndForgetsTheSite() {
    assertThat(claim(leadership)).containsExactly(run);
    database.write(
        tables -> {
          tables.sites().save(new StoredSite("a", List.of(1L), List.of(1L), 0, "0.1", now));
          tables.sites().attached("a", "one", "program");
          return run;
        });
    assertThat(attached()).containsExactly("a");
    Leadership next = leadership("two");
    assertThat(claim(next)).as("its lease had not lapsed").containsExactly(run);
    assertThat(next.lease(run)).contains(new Lease(run, 2));
    assertThat(attached()).isEmpty();
  }

  private List<String> attached() {
    return database.read(
        tables -> tables.sites().attached(tables.now()).stream().map(StoredSite::name).toList());
  }

  /** The database was away, or the disk full: nobody could renew it. */
  @Test
  void claim_ownLeaseHasLapsed_takesTheLeadAnew() {
    assertThat(claim(leadership)).containsExactly(run);
    now = now.plus(TERM).minusMillis(1);
    assertThat(claim(leadership)).as("renewed in time").isEmpty();
    now = now.plus(TERM);
    assertThat(claim(leadership)).containsExactly(run);
    assertThat(leadership.lease(run)).contains(new Lease(run, 2));
    assertThat(claim(leadership)).isEmpty();
  }

  @Test
  void claim_runHasEnded_isLedUntilItIsOver() {
    assertThat(claim(leadership)).containsExactly(run);
    database.write(
        tables -> {
          tables.runs().move(run, RunState.CANCELLED, 0, "cancelled", now);
          return run;
        });
    assertThat(claim(leadership)).isEmpty();
    assertThat(leadership.runs()).as("its sites are to be told").containsExactly(run);
    leadership.over(run);
    assertThat(claim(leadership)).isEmpty();
    assertThat(leadership.runs()).isEmpty();
  }

  @Test
  void claim_runCannotBeTakenUp_leadsNothingAndTriesAgain() {
    assertThatThrownBy(
            () ->
                leadership.claim(
                    (tables, taken) -> {
                      tables.runs().note(run, "half taken up");
                      throw new StorageException("the disk is full");
                    }))
        .hasMessage("the disk is full");
    assertThat(leadership.runs()).isEmpty();
    StoredRun left = database.read(tables -> tables.runs().find(run)).orElseThrow();
    assertThat(left.message()).isEmpty();
    assertThat(leadership.renew((tables, taken) -> {}))
        .extracting(StoredRun::id)
        .containsExactly(run);
  }
}
