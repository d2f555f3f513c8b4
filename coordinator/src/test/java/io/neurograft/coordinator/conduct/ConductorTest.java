package io.neurograft.coordinator.conduct;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.neurograft.coordinator.audit.Journal;
import io.neurograft.coordinator.metrics.CoordinatorMetrics;
import io.neurograft.coordinator.run.Action;
import io.neurograft.coordinator.run.RunSpec;
import io.neurograft.coordinator.run.RunState;
import io.neurograft.coordinator.run.TaskState;
import io.neurograft.coordinator.store.Database;
import io.neurograft.coordinator.store.Lease;
import io.neurograft.coordinator.store.StorageException;
import io.neurograft.coordinator.store.StoredRun;
import io.neurograft.coordinator.store.StoredSite;
import io.neurograft.coordinator.store.StoredTask;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What time costs a run in which nobody could write to the database. */
final class ConductorTest {
  private static final String SPEC =
      """
      network: {family: mlp, widths: [4], classes: 10, input: {shape: [1, 28, 28]}}
      sites: {minimum: 1}
      scores: {method: uniform}
      deadline: 60s
      """;
  private static final Duration OUTAGE = Duration.ofHours(1);

  /** Runs are planned many times before leases are renewed. */
  private static final Duration TERM = Duration.ofSeconds(5);

  @TempDir Path folder;
  private final Line line = new Line();

  /** Each plan asks the database for the time, twice. */
  private final AtomicLong asked = new AtomicLong();

  private volatile Instant now = Instant.parse("2026-01-01T00:00:00Z");
  private Database database;
  private Conductor conductor;
  private RunDesk desk;

  /** A site that does nothing. */
  private static final class Line implements SiteLink {
    private final List<TaskOrder> given = new CopyOnWriteArrayList<>();
    private final List<String> revoked = new CopyOnWriteArrayList<>();

    @Override
    public SiteProgram program() {
      return new SiteProgram("program", 0);
    }

    @Override
    public void give(TaskOrder order) {
      given.add(order);
    }

    @Override
    public void revoke(String taskId, String reason) {
      revoked.add(taskId);
    }

    @Override
    public void over(String runId) {}

    @Override
    public void replaced(SiteProgram by) {}
  }

  /** No run here comes as far as that. */
  private static final class NoJobs implements Jobs {
    @Override
    public void check(RunSpec spec) {}

    @Override
    public void start(Lease lead, RunSpec spec, Action job, Listener listener) {
      throw new AssertionError("started " + job);
    }
  }

  @BeforeEach
  void start() {
    database = Database.open(folder.resolve("coordinator.db"), this::ask);
    Journal journal = Journal.open(folder, () -> now, () -> {});
    Duration lease = Duration.ofSeconds(30);
    conductor =
        new Conductor(
            database,
            new AttachedSites(),
            new Leadership(database, "one", "", TERM),
            new Pulse(database, lease),
            new NoJobs(),
            new RunWatchers(),
            new CoordinatorMetrics(),
            journal,
            () -> now,
            lease);
    desk = new RunDesk(database, conductor, new NoJobs(), () -> now, journal);
    conductor.lead();
    conductor.start(Duration.ofMillis(20));
    conductor.admit(
        new StoredSite("a", List.of(1L, 28L, 28L), Collections.nCopies(10, 6L), 5, "0.1", now));
    conductor.attach("a", line, List.of());
  }

  private Instant ask() {
    asked.incrementAndGet();
    return now;
  }

  @AfterEach
  void stop() {
    conductor.close();
    database.close();
  }

  @Test
  void advance_leaseLapsedUnseen_dropsNothingAndGivesSitesTheirTimeAgain() {
    StoredRun run = desk.create("operator alice", SPEC).run();
    await(() -> !line.given.isEmpty());
    String id = line.given.get(0).taskId();
    long before = asked.get();
    await(() -> asked.get() > before + 20); // it is planned quickly by now

    now = now.plus(OUTAGE);
    conductor.wake(run.id());
    await(() -> task(id).view().deadline().isAfter(now));
    assertThat(task(id).state()).isEqualTo(TaskState.OPEN);
    assertThat(line.revoked).isEmpty();
    assertThat(run(run.id()).state()).isEqualTo(RunState.TRAINING);
  }

  @Test
  void create_auditLogCannotBeWritten_isRefusedAndNotDone() throws IOException {
    Path audit = folder.resolve("audit");
    Files.move(audit, folder.resolve("away"));
    Files.createFile(audit); // nothing can be written into that

    assertThatThrownBy(() -> desk.create("operator alice", SPEC))
        .isInstanceOf(StorageException.class)
        .hasMessageContaining("the audit log cannot be written");
    assertThat(desk.list()).isEmpty();

    Files.delete(audit);
    Files.move(folder.resolve("away"), audit);
    String run = desk.create("operator alice", SPEC).run().id();
    assertThat(desk.list()).extracting(told -> told.run().id()).containsExactly(run);
  }

  @Test
  void takeUp_runIsPaused_staysSo() {
    StoredRun run = desk.create("operator alice", SPEC).run();
    await(() -> !line.given.isEmpty());
    assertThat(desk.pause("operator alice", run.id()).run().paused()).contains(now);
    Instant paused = now;
    now = now.plus(OUTAGE);
    await(() -> run(run.id()).fence() == 2);
    assertThat(run(run.id()).paused()).contains(paused);
    assertThat(task(line.given.get(0).taskId()).view().deadline()).isBefore(now);
  }

  private StoredTask task(String id) {
    return database.read(tables -> tables.tasks().find(id)).orElseThrow();
  }

  private StoredRun run(String id) {
    return database.read(tables -> tables.runs().find(id)).orElseThrow();
  }

  private static void await(BooleanSupplier holds) {
    long end = System.nanoTime() + 20_000_000_000L;
    while (!holds.getAsBoolean() && System.nanoTime() < end) {
      LockSupport.parkNanos(10_000_000);
    }
    assertThat(holds.getAsBoolean()).isTrue();
  }
}
