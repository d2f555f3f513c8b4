package io.neurograft.coordinator.fuse;

import java.util.concurrent.locks.ReentrantLock;

/**
 * The turn of using the engine: one job at a time. A job that waits for sites gives its turn away
 * meanwhile.
 */
final class Turn {
  private final ReentrantLock lock = new ReentrantLock(true);

  /** Work that waits for something else than the engine. */
  interface Waiting<T> {
    T run() throws InterruptedException;
  }

  void take() throws InterruptedException {
    lock.lockInterruptibly();
  }

  void give() {
    lock.unlock();
  }

  /** Lets others work for as long as the caller waits. */
  <T> T during(Waiting<T> wait) throws InterruptedException {
    lock.unlock();
    try {
      return wait.run();
    } finally {
      lock.lock();
    }
  }
}
