package io.neurograft.coordinator.artifact;

import io.neurograft.proto.artifact.ArtifactFolder;
import io.neurograft.proto.artifact.Digest;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Keeps a folder of artifacts below a size, where their bytes are somewhere else as well: the one
 * that was used last goes last. A file's time of change says when that was. What is borrowed, or
 * was used just now, stays, even above the limit.
 */
final class Cache {
  /** A download is opened a moment after it was looked for. */
  private static final Duration JUST_NOW = Duration.ofMinutes(1);

  private final ArtifactFolder folder;
  private final long limit;
  private final Elsewhere elsewhere;
  private final InstantSource clock;
  private final Map<Digest, Integer> borrowed = new ConcurrentHashMap<>();

  /** Deletes a file here if its bytes are somewhere else as well, and says whether they are. */
  interface Elsewhere {
    boolean delete(Digest digest, Runnable delete);
  }

  private record Entry(Path file, long size, FileTime used) {}

  /**
   * @param limit in bytes
   */
  Cache(ArtifactFolder folder, long limit, Elsewhere elsewhere, InstantSource clock) {
    this.clock = clock;
    this.folder = folder;
    this.limit = limit;
    this.elsewhere = elsewhere;
  }

  void borrow(Digest digest) {
    borrowed.merge(digest, 1, Integer::sum);
  }

  void giveBack(Digest digest) {
    borrowed.computeIfPresent(digest, (key, count) -> count == 1 ? null : count - 1);
  }

  /** Notes that a file is used now. */
  void used(Path file) {
    try {
      Files.setLastModifiedTime(file, FileTime.from(clock.instant()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Deletes what was not used for the longest time, until so much can come in. */
  synchronized void makeRoom(long bytes) throws IOException {
    List<Entry> entries = new ArrayList<>();
    folder.forEach(file -> note(entries, file));
    long held = entries.stream().mapToLong(Entry::size).sum();
    entries.sort(Comparator.comparing(Entry::used));
    FileTime justNow = FileTime.from(clock.instant().minus(JUST_NOW));
    for (Entry entry : entries) {
      if (held + bytes <= limit) {
        return;
      }
      Digest digest = new Digest(entry.file().getFileName().toString());
      if (entry.used().compareTo(justNow) < 0
          && !borrowed.containsKey(digest)
          && elsewhere.delete(digest, () -> delete(digest))) {
        held -= entry.size();
      }
    }
  }

  private static void note(List<Entry> entries, Path file) {
    try {
      BasicFileAttributes attributes = Files.readAttributes(file, BasicFileAttributes.class);
      entries.add(new Entry(file, attributes.size(), attributes.lastModifiedTime()));
    } catch (NoSuchFileException e) {
      // It went meanwhile.
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void delete(Digest digest) {
    try {
      folder.delete(digest);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
