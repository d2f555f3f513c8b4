package io.neurograft.coordinator.artifact;

import io.neurograft.coordinator.artifact.ArtifactCollector.Freed;
import io.neurograft.proto.artifact.Digest;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Bytes that belong to no artifact: files that a crash has left before they were noted, cached
 * files of what another coordinator has collected, uploads that nobody finished, objects in the
 * bucket that nobody noted or forgot to delete.
 */
final class Strays {
  private static final Pattern OBJECT = Pattern.compile("[0-9a-f]{64}-[0-9a-f]{8}");
  private static final int AT_A_TIME = 200;

  private final ArtifactStore store;

  Strays(ArtifactStore store) {
    this.store = store;
  }

  /**
   * Deletes them.
   *
   * @param before files that were changed since then stay: they may be just about to be noted
   */
  Freed collect(Instant before) {
    try {
      Freed freed = files(before);
      long partial = store.folder().deletePartials(before);
      return freed.plus(new Freed(0, 0, partial)).plus(objects(before));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private Freed files(Instant before) throws IOException {
    List<Digest> old = new ArrayList<>();
    Freed[] freed = {Freed.NOTHING};
    store
        .folder()
        .forEach(
            file -> {
              if (isOlder(file, before)) {
                old.add(new Digest(file.getFileName().toString()));
              }
              if (old.size() == AT_A_TIME) {
                freed[0] = freed[0].plus(delete(old));
                old.clear();
              }
            });
    return freed[0].plus(delete(old));
  }

  private static boolean isOlder(Path file, Instant before) {
    try {
      return Files.getLastModifiedTime(file).toInstant().isBefore(before);
    } catch (IOException e) {
      return false; // it went meanwhile
    }
  }

  private Freed delete(List<Digest> digests) {
    Set<String> known = known(digests);
    Freed freed = Freed.NOTHING;
    for (Digest digest : digests) {
      if (!known.contains(digest.hex())) {
        freed = freed.plus(delete(digest));
      }
    }
    return freed;
  }

  /** Looks again, now that nobody can be about to note it. */
  private Freed delete(Digest digest) {
    store.locks().lock(digest);
    try {
      if (!known(List.of(digest)).isEmpty() || !store.folder().contains(digest)) {
        return Freed.NOTHING;
      }
      long size = store.folder().size(digest);
      store.folder().delete(digest);
      return new Freed(0, 1, size);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } finally {
      store.locks().unlock(digest);
    }
  }

  private Set<String> known(List<Digest> digests) {
    return store
        .database()
        .read(tables -> tables.collection().known(digests.stream().map(Digest::hex).toList()));
  }

  /** An object is noted before it is put, so one that is not noted now never will be. */
  private Freed objects(Instant before) {
    Freed[] freed = {Freed.NOTHING};
    store
        .bucket()
        .ifPresent(
            bucket -> {
              bucket.forEach(names -> freed[0] = freed[0].plus(deleteObjects(bucket, names)));
              bucket.deleteUnfinished(before, this::knownObjects);
            });
    return freed[0];
  }

  private Freed deleteObjects(Bucket bucket, List<String> names) {
    List<String> ours = names.stream().filter(name -> OBJECT.matcher(name).matches()).toList();
    Set<String> known = knownObjects(ours);
    List<String> strays = ours.stream().filter(name -> !known.contains(name)).toList();
    strays.forEach(bucket::delete);
    return new Freed(0, strays.size(), 0);
  }

  private Set<String> knownObjects(Collection<String> names) {
    return store.database().read(tables -> tables.collection().knownObjects(names));
  }
}
