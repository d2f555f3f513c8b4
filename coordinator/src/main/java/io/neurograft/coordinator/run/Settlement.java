package io.neurograft.coordinator.run;

import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * How a round stands: what to do with its tasks, and whether enough of them can still be done.
 *
 * @param actions tasks to give out again, and tasks to drop because the deadline has passed
 * @param waiting whether a site is still at work
 * @param fewest the smallest number of sites, over the methods, that have done their task
 * @param reachable the smallest number of sites, over the methods, that have done it or still may
 * @param lost why each site that is lost to this round is lost, by site
 */
record Settlement(
    List<Action> actions, boolean waiting, int fewest, int reachable, Map<String, String> lost) {

  /** Settles the tasks of one round. */
  static Settlement of(List<TaskView> tasks, int attempts, Instant now) {
    List<Action> actions = new ArrayList<>();
    Map<String, int[]> counts = new HashMap<>();
    Map<String, String> lost = new TreeMap<>();
    boolean waiting = false;
    for (TaskView task : tasks) {
      int[] doneAndReachable = counts.computeIfAbsent(task.key().method(), method -> new int[2]);
      boolean late = !now.isBefore(task.deadline());
      switch (task.state()) {
        case DONE -> {
          doneAndReachable[0]++;
          doneAndReachable[1]++;
        }
        case OPEN, FAILED -> {
          boolean open = task.state() == TaskState.OPEN;
          if (late && open) {
            actions.add(new Action.Drop(task.key(), "missed the deadline"));
            lost.put(task.key().site(), "missed the deadline");
          } else if (late || task.failedForGood(attempts)) {
            lost.put(task.key().site(), task.message());
          } else {
            if (!open && !now.isBefore(task.retryAt())) {
              actions.add(new Action.Retry(task.key(), task.message()));
            }
            waiting = true;
            doneAndReachable[1]++;
          }
        }
        case DROPPED -> lost.put(task.key().site(), task.message());
      }
    }
    int fewest = counts.values().stream().mapToInt(count -> count[0]).min().orElse(0);
    int reachable = counts.values().stream().mapToInt(count -> count[1]).min().orElse(0);
    return new Settlement(List.copyOf(actions), waiting, fewest, reachable, lost);
  }

  /** The lost sites with their reasons, in one line; the first few where there are many. */
  String reasons() {
    String few =
        lost.entrySet().stream()
            .limit(5)
            .map(entry -> entry.getKey() + ": " + entry.getValue())
            .collect(Collectors.joining("; "));
    return lost.size() > 5 ? few + "; and " + (lost.size() - 5) + " more" : few;
  }
}
