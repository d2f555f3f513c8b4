package io.neurograft.proto.transfer;

import io.neurograft.proto.artifact.Digest;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Whose turn it is to store an artifact: that of the upload which came first. When it leaves, the
 * next one hears so, on the thread on which the one before left. Safe for use by several threads.
 */
final class Turns {
  /** Somebody who takes turns. */
  interface Taker {
    /** It is this one's turn now, until it leaves. */
    void turn();
  }

  private final Map<Digest, Deque<Taker>> queues = new HashMap<>();

  /** Queues up; returns whether it is this one's turn already. */
  synchronized boolean join(Digest digest, Taker taker) {
    Deque<Taker> queue = queues.computeIfAbsent(digest, key -> new ArrayDeque<>());
    queue.addLast(taker);
    return queue.size() == 1;
  }

  /** Whose turn it is. */
  synchronized Optional<Taker> holder(Digest digest) {
    return Optional.ofNullable(queues.get(digest)).map(Deque::peekFirst);
  }

  /** Gives up the turn or the place in the queue; does nothing where there is none. */
  void leave(Digest digest, Taker taker) {
    next(digest, taker).ifPresent(Taker::turn);
  }

  private synchronized Optional<Taker> next(Digest digest, Taker leaving) {
    Deque<Taker> queue = queues.get(digest);
    if (queue == null) {
      return Optional.empty();
    }
    boolean held = queue.peekFirst() == leaving;
    queue.remove(leaving);
    if (queue.isEmpty()) {
      queues.remove(digest);
    }
    return held ? Optional.ofNullable(queue.peekFirst()) : Optional.empty();
  }
}
