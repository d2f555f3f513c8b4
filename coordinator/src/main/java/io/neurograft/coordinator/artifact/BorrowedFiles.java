package io.neurograft.coordinator.artifact;

import io.neurograft.proto.artifact.Digest;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;

/**
 * Files of artifacts that one piece of work uses. They stay in the folder until it is closed. For
 * one thread.
 */
public final class BorrowedFiles implements AutoCloseable {
  private final ArtifactStore store;
  private final Cache cache;
  private final Set<Digest> borrowed = new HashSet<>();

  BorrowedFiles(ArtifactStore store, Cache cache) {
    this.store = store;
    this.cache = cache;
  }

  /**
   * The file of a stored artifact.
   *
   * @throws io.neurograft.coordinator.store.StorageException if it is stored, but cannot be brought
   *     here now
   */
  public Optional<Path> find(String digest) {
    Digest wanted = new Digest(digest);
    if (borrowed.add(wanted)) {
      cache.borrow(wanted);
    }
    return store.find(digest);
  }

  @Override
  public void close() {
    borrowed.forEach(cache::giveBack);
    borrowed.clear();
  }
}
