package io.neurograft.coordinator.conduct;

import io.neurograft.coordinator.run.RunSpec;
import io.neurograft.coordinator.store.StoredRun;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The specifications of the runs that were looked at last: to read one takes milliseconds, and a
 * round of a thousand sites looks at it thousands of times. Safe for use by several threads.
 */
final class Specifications {
  private static final int MOST = 16;

  private record Known(String text, RunSpec spec) {}

  private final Map<String, Known> latest =
      new LinkedHashMap<>(MOST, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Known> eldest) {
          return size() > MOST;
        }
      };

  /**
   * A run's specification.
   *
   * @throws io.neurograft.neural.config.InvalidInputException if this version cannot read it
   */
  RunSpec of(StoredRun run) {
    String text = run.specification();
    synchronized (latest) {
      Known known = latest.get(run.id());
      if (known != null && known.text().equals(text)) {
        return known.spec();
      }
    }
    RunSpec spec = RunSpec.parse(text, run.id());
    synchronized (latest) {
      latest.put(run.id(), new Known(text, spec));
    }
    return spec;
  }
}
