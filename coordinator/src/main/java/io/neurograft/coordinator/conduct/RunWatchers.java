package io.neurograft.coordinator.conduct;

import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

/** Who wants to hear of changes in which run. */
public final class RunWatchers {
  private final Map<String, List<Runnable>> byRun = new ConcurrentHashMap<>();

  /**
   * Calls back after every change of a run until the result is closed. The callback must be quick
   * and must not throw.
   */
  public AutoCloseableQuietly watch(String runId, Runnable changed) {
    byRun.compute(
        runId,
        (id, watchers) -> {
          List<Runnable> list = watchers == null ? new CopyOnWriteArrayList<>() : watchers;
          list.add(changed);
          return list;
        });
    return () ->
        byRun.computeIfPresent(
            runId,
            (id, watchers) -> {
              watchers.remove(changed);
              return watchers.isEmpty() ? null : watchers;
            });
  }

  void changed(String runId) {
    byRun.getOrDefault(runId, List.of()).forEach(Runnable::run);
  }

  /** Any run may have changed. */
  void changed() {
    byRun.keySet().forEach(this::changed);
  }

  /** Something that is closed without failing. */
  @FunctionalInterface
  public interface AutoCloseableQuietly extends AutoCloseable {
    @Override
    void close();
  }
}
