package io.neurograft.client.task;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Waiting work of several runs: they take turns, and within a run it is first come, first served.
 * So a run that asks for much does not keep one waiting that asks for little. Safe for several
 * threads.
 *
 * @param <T> what waits
 */
final class FairQueue<T> {
  /** What waits by run; the run that was served least recently comes first. */
  private final Map<String, Deque<T>> waiting = new LinkedHashMap<>();

  /** Puts something at the end of its run's line. */
  synchronized void add(String run, T item) {
    waiting.computeIfAbsent(run, first -> new ArrayDeque<>()).addLast(item);
  }

  /**
   * Takes what is served next.
   *
   * @throws java.util.NoSuchElementException if nothing waits
   */
  synchronized T take() {
    Map.Entry<String, Deque<T>> next = waiting.entrySet().iterator().next();
    T item = next.getValue().removeFirst();
    waiting.remove(next.getKey());
    if (!next.getValue().isEmpty()) {
      waiting.put(next.getKey(), next.getValue());
    }
    return item;
  }
}
