package io.neurograft.coordinator.artifact;

import io.neurograft.proto.artifact.Digest;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Stream;

/** Locks by digest, so that an artifact is stored, brought and deleted by one thread at a time. */
final class DigestLocks {
  private static final int COUNT = 256;

  private final ReentrantLock[] locks =
      Stream.generate(ReentrantLock::new).limit(COUNT).toArray(ReentrantLock[]::new);

  void lock(Digest digest) {
    of(digest).lock();
  }

  boolean tryLock(Digest digest) {
    return of(digest).tryLock();
  }

  void unlock(Digest digest) {
    of(digest).unlock();
  }

  private ReentrantLock of(Digest digest) {
    return locks[Math.floorMod(digest.hashCode(), COUNT)];
  }
}
