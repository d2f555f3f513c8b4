package io.neurograft.coordinator.fuse;

import java.util.function.Consumer;

/** Lets a message through only if the one before is a while ago: each costs a write to disk. */
final class Throttle implements Consumer<String> {
  private static final long PAUSE_NANOS = 500_000_000;

  private final Consumer<String> next;
  private long last = System.nanoTime() - PAUSE_NANOS;

  Throttle(Consumer<String> next) {
    this.next = next;
  }

  @Override
  public void accept(String message) {
    long now = System.nanoTime();
    if (now - last >= PAUSE_NANOS) {
      last = now;
      next.accept(message);
    }
  }
}
