package io.neurograft.coordinator.artifact;

import io.neurograft.coordinator.metrics.CoordinatorMetrics;
import io.neurograft.coordinator.store.CollectionTable.Claim;
import io.neurograft.coordinator.store.StorageException;
import io.neurograft.neural.config.IoWords;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Collects artifacts that nobody names any more, and bytes that belong to no artifact.
 *
 * <p>An artifact goes in three steps: claimed in the database, where nobody can name it from then
 * on; its bytes deleted; forgotten. A crash between them is mended by the next turn, of this
 * coordinator or another. Bytes without an artifact, which a crash can leave, are found by looking
 * through the folder and the bucket now and then. A file that is open stays readable.
 */
public final class ArtifactCollector implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(ArtifactCollector.class);
  private static final Duration MOST_PAUSE = Duration.ofMinutes(1);

  /** After so long a claim is taken to be given up by whoever made it. */
  private static final Duration PATIENCE = Duration.ofMinutes(1);

  private static final int TURNS_PER_SPAN = 10;

  /** Claimed at a time; as long as there are so many, the next are claimed at once. */
  private static final int MOST_CLAIMS = 100;

  private final ArtifactStore store;
  private final Strays strays;
  private final Duration unreferencedAfter;
  private final CoordinatorMetrics metrics;
  private final InstantSource clock;
  private Instant lookedForStrays = Instant.MIN;

  private final ScheduledExecutorService thread =
      Executors.newSingleThreadScheduledExecutor(
          work -> {
            Thread made = new Thread(work, "collector");
            made.setDaemon(true);
            return made;
          });

  /**
   * What was freed.
   *
   * @param artifacts that nobody named
   * @param strays files and objects that belonged to no artifact
   * @param bytes all together; of objects without an artifact the size is not known
   */
  public record Freed(int artifacts, int strays, long bytes) {
    static final Freed NOTHING = new Freed(0, 0, 0);

    Freed plus(Freed other) {
      return new Freed(artifacts + other.artifacts, strays + other.strays, bytes + other.bytes);
    }
  }

  /**
   * @param unreferencedAfter how long an artifact is kept that nobody names, after it was sent
   * @param clock that of this machine's files
   */
  public ArtifactCollector(
      ArtifactStore store,
      Duration unreferencedAfter,
      CoordinatorMetrics metrics,
      InstantSource clock) {
    this.store = store;
    this.strays = new Strays(store);
    this.unreferencedAfter = unreferencedAfter;
    this.metrics = metrics;
    this.clock = clock;
  }

  /**
   * Starts to collect in the background. The first turn waits for as long as an artifact is kept
   * that nobody names: sites could not name what they had sent while no coordinator was there, and
   * the machine's clock may have been set meanwhile. What was claimed before does not wait: nobody
   * can name it, or store it again, until it is gone.
   */
  public void start() {
    long span = unreferencedAfter.toMillis();
    long pause = Math.min(MOST_PAUSE.toMillis(), span / TURNS_PER_SPAN);
    // Where the database is this coordinator's alone, nobody can be at it.
    Duration patience = store.database().shared() ? PATIENCE : Duration.ZERO;
    thread.execute(() -> turn(() -> finish(patience)));
    every(pause, pause, () -> finish(PATIENCE));
    every(pause, span, this::collectUnnamed);
  }

  private void every(long pause, long first, Runnable work) {
    var unused =
        thread.scheduleWithFixedDelay(() -> turn(work), first, pause, TimeUnit.MILLISECONDS);
  }

  private void turn(Runnable work) {
    try {
      work.run();
    } catch (StorageException e) {
      LOG.warn("artifacts are collected later: {}", e.getMessage());
    } catch (UncheckedIOException e) {
      LOG.warn("artifacts are collected later: {}", IoWords.of(e));
    } catch (RuntimeException e) {
      if (!thread.isShutdown()) {
        LOG.error("artifacts could not be collected; trying again later", e);
      }
    }
  }

  /**
   * Collects what there is.
   *
   * @throws StorageException if the database or the bucket cannot be used now
   */
  public Freed collect() {
    return finish(PATIENCE).plus(collectUnnamed());
  }

  private Freed collectUnnamed() {
    Freed freed = erase(this::claim);
    if (!clock.instant().isBefore(next())) {
      lookedForStrays = clock.instant();
      freed = freed.plus(strays.collect(clock.instant().minus(unreferencedAfter)));
    }
    store.trimCache();
    return told(freed);
  }

  /** What was claimed so long ago, and not brought to its end. */
  private Freed finish(Duration patience) {
    return told(erase(() -> claimAgain(patience)));
  }

  private List<Claim> claimAgain(Duration patience) {
    return store
        .database()
        .write(
            tables -> {
              Instant now = tables.now();
              return tables.collection().claimAgain(now.minus(patience), MOST_CLAIMS, now);
            });
  }

  /** The second and the third step, with all that is claimed. */
  private Freed erase(Supplier<List<Claim>> claimed) {
    Freed freed = Freed.NOTHING;
    List<Claim> claims = claimed.get();
    while (!claims.isEmpty()) {
      List<Claim> erased = new ArrayList<>();
      for (Claim claim : claims) {
        if (store.erase(claim)) {
          erased.add(claim);
          freed = freed.plus(new Freed(1, 0, claim.size()));
        }
      }
      store.forget(erased);
      claims = claims.size() < MOST_CLAIMS ? List.of() : claimed.get();
    }
    return freed;
  }

  private Instant next() {
    return lookedForStrays.equals(Instant.MIN)
        ? Instant.MIN
        : lookedForStrays.plus(unreferencedAfter);
  }

  private Freed told(Freed freed) {
    if (!freed.equals(Freed.NOTHING)) {
      LOG.info(
          "collected {} artifacts that nobody needs and {} stray files, {} MiB",
          freed.artifacts(),
          freed.strays(),
          freed.bytes() >> 20);
      metrics.collected(freed.bytes());
    }
    return freed;
  }

  /** The first step: from now on nobody can name them. */
  List<Claim> claim() {
    return store
        .database()
        .write(
            tables -> {
              Instant now = tables.now();
              Instant before = now.minus(unreferencedAfter);
              tables.collection().release(before);
              return tables.collection().claim(before, MOST_CLAIMS, now);
            });
  }

  @Override
  public void close() {
    thread.shutdownNow();
    try {
      if (!thread.awaitTermination(10, TimeUnit.SECONDS)) {
        LOG.warn("the collector did not stop in time");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
