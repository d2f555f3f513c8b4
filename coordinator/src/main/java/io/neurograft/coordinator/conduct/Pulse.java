package io.neurograft.coordinator.conduct;

import io.neurograft.coordinator.store.Database;
import io.neurograft.coordinator.store.StoredTask;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What sites tell of tasks that go on. It is kept in memory and written in one transaction now and
 * then, since a thousand sites tell more often than a disk can be waited for; what a crash loses of
 * it is told again. Safe for several threads.
 */
public final class Pulse {
  private record Word(StoredTask task, String phase, double fraction) {}

  private final Database database;
  private final Duration lease;
  private Map<String, Word> heard = new HashMap<>();

  /**
   * @param lease how long a site may be silent about its tasks
   */
  public Pulse(Database database, Duration lease) {
    this.database = database;
    this.lease = lease;
  }

  /** A site has told how far it is with a task. */
  synchronized void hear(StoredTask task, String phase, double fraction) {
    heard.put(task.id(), new Word(task, phase, fraction));
  }

  /**
   * Writes what was told since the last time.
   *
   * @return the runs it was about
   * @throws io.neurograft.coordinator.store.StorageException if the disk does not take it; then it
   *     is lost, and told again
   */
  Set<String> write(Instant now) {
    Map<String, Word> words = taken();
    if (words.isEmpty()) {
      return Set.of();
    }
    database.write(
        tables -> {
          words.forEach((id, word) -> tables.tasks().progress(id, word.phase(), word.fraction()));
          // Word about one task shows that the site is alive, so its other tasks wait as well.
          for (String site : sites(words)) {
            tables.tasks().extendLeases(site, now.plus(lease));
            tables.sites().seen(site, now);
          }
          return words.size();
        });
    return words.values().stream().map(word -> word.task().runId()).collect(Collectors.toSet());
  }

  private synchronized Map<String, Word> taken() {
    Map<String, Word> words = heard;
    heard = new HashMap<>();
    return words;
  }

  private static Set<String> sites(Map<String, Word> words) {
    return words.values().stream()
        .map(word -> word.task().key().site())
        .collect(Collectors.toSet());
  }
}
