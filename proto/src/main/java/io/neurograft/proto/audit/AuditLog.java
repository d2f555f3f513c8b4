package io.neurograft.proto.audit;

import io.neurograft.proto.artifact.Digest;
import io.neurograft.proto.artifact.DurableFiles;
import io.neurograft.proto.identity.SecretFiles;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A log that only grows, in numbered files of a folder, for their owner alone; each line names the
 * SHA-256 of the one before. What was changed since it was opened, and what could not be written,
 * is told by lines of its own: nothing that is found in it keeps it from being written. Safe for
 * several threads and several programs.
 */
public final class AuditLog implements AutoCloseable {
  /** Above how many bytes a file is followed by another. */
  public static final long ROLLOVER = 64 << 20;

  private static final Logger LOG = LoggerFactory.getLogger(AuditLog.class);
  private static final String SELF = "audit log";
  private static final long FORCE_MILLIS = 500;

  private final Path folder;
  private final long rollover;
  private final InstantSource clock;
  private final Losses losses;
  private final ScheduledThreadPoolExecutor forcing = newForcing();
  private Tail tail;
  private Optional<String> broken; // found when it was opened, and not yet told
  private long lost;

  private AuditLog(Path folder, long rollover, InstantSource clock, Losses losses, Tail tail) {
    this.folder = folder;
    this.rollover = rollover;
    this.clock = clock;
    this.losses = losses;
    this.tail = tail;
    this.broken = tail.broken();
  }

  /**
   * Opens the log of a folder, which is made where it is missing.
   *
   * @param rollover above how many bytes a file is followed by another
   * @throws IOException if the folder cannot be used; what its files hold is no reason
   */
  public static AuditLog open(Path folder, long rollover, InstantSource clock, Losses losses)
      throws IOException {
    SecretFiles.folder(folder);
    LogLock held = LogLock.take(folder);
    try {
      return new AuditLog(folder, rollover, clock, losses, Tail.read(folder));
    } finally {
      held.close();
    }
  }

  /**
   * Writes down what may only happen if it is written down; it is on disk when this returns.
   *
   * @throws IOException if it cannot be; then it is not there
   */
  public synchronized void require(Deed deed) throws IOException {
    append(deed, true);
  }

  /**
   * Writes down what happens anyway; it is on disk soon. Where it cannot be written, that is
   * counted, and told by the next line that can.
   */
  public synchronized void note(Deed deed) {
    try {
      append(deed, false);
      forceSoon();
    } catch (IOException | RuntimeException e) {
      lost++;
      losses.lost();
      LOG.error("the audit log in {} lacks this line: {}", folder, deed, e);
    }
  }

  private void append(Deed deed, boolean durable) throws IOException {
    boolean interrupted = Thread.interrupted(); // it would close files and lose the line
    try {
      LogLock held = LogLock.take(folder);
      try {
        append(tail.follow(), deed, durable);
      } finally {
        held.close();
      }
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  private void append(Tail now, Deed deed, boolean durable) throws IOException {
    List<Deed> deeds = remarks(now);
    deeds.add(deed);
    Head head = now.head();
    ByteArrayOutputStream lines = new ByteArrayOutputStream();
    for (Deed one : deeds) {
      byte[] line = Line.encode(one, head, clock.instant());
      lines.writeBytes(line);
      lines.write('\n');
      head = new Head(head.number() + 1, Digest.of(line));
    }
    Tail at = now.end() < rollover ? now : rolled(now);
    write(at.file(), at.end(), lines.toByteArray(), durable);
    tail = new Tail(at.file(), at.end() + lines.size(), head, 0, Optional.empty());
    lost = 0;
    broken = Optional.empty();
  }

  /** What is to be told before anything else. */
  private List<Deed> remarks(Tail now) {
    List<Deed> remarks = new ArrayList<>();
    broken
        .or(now::broken)
        .ifPresent(
            how -> {
              LOG.error("the audit log in {} was changed by somebody: {}", folder, how);
              remarks.add(Deed.of(SELF, Act.LOG_BROKEN).about("how", how));
            });
    if (now.torn() > 0) {
      remarks.add(
          Deed.of(SELF, Act.LOG_REPAIRED)
              .about("file", String.valueOf(now.file().getFileName()))
              .about("bytes", now.torn()));
    }
    if (lost > 0) {
      remarks.add(Deed.of(SELF, Act.LOG_LOST).about("lines", lost));
    }
    return remarks;
  }

  /** The next file; all of the one before is on disk first. */
  private static Tail rolled(Tail now) throws IOException {
    DurableFiles.force(now.file());
    return new Tail(AuditFiles.next(now.file()), 0, now.head(), 0, Optional.empty());
  }

  /** Writes lines in place of what is behind an offset; if that fails, none of them is there. */
  private static void write(Path file, long at, byte[] lines, boolean durable) throws IOException {
    if (!Files.exists(file)) {
      SecretFiles.create(file);
    }
    // Opened every time, in case it was moved away; and not as a channel, which an interrupt
    // closes.
    try (RandomAccessFile out = new RandomAccessFile(file.toFile(), "rw")) {
      out.setLength(at);
      out.seek(at);
      try {
        out.write(lines);
        if (durable) {
          out.getFD().sync();
        }
      } catch (IOException e) {
        out.setLength(at);
        throw e;
      }
    }
  }

  /** Many lines are forced to disk at once. */
  private void forceSoon() {
    if (forcing.getQueue().isEmpty() && !forcing.isShutdown()) {
      var unused = forcing.schedule(this::force, FORCE_MILLIS, TimeUnit.MILLISECONDS);
    }
  }

  private void force() {
    try {
      DurableFiles.force(file());
    } catch (IOException e) {
      LOG.error("the last lines of the audit log in {} may not be on disk", folder, e);
    }
  }

  private synchronized Path file() {
    return tail.file();
  }

  /** Forces to disk what is not; what is noted after that still is written. */
  @Override
  public void close() {
    forcing.shutdownNow();
    if (Files.exists(file())) {
      force();
    }
  }

  private static ScheduledThreadPoolExecutor newForcing() {
    ScheduledThreadPoolExecutor forcing =
        new ScheduledThreadPoolExecutor(
            1,
            work -> {
              Thread thread = new Thread(work, "audit");
              thread.setDaemon(true);
              return thread;
            });
    forcing.setKeepAliveTime(10, TimeUnit.SECONDS);
    forcing.allowCoreThreadTimeOut(true);
    return forcing;
  }
}
