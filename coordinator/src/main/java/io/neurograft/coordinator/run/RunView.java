package io.neurograft.coordinator.run;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * A run as the planner sees it.
 *
 * @param round the fine-tuning round; 0 before the first
 * @param since when it began to wait for sites: when it was created, or when it was last taken up
 *     again if that was later
 * @param message what is known to be going on
 * @param tasks the tasks of this round and the one before, and all that are open or failed
 * @param attached the sites that are attached now, whether they fit the run or not
 * @param models the models that are stored
 * @param scores the models that are evaluated
 * @param quarantined the sites that sent what did not pass the screening
 */
public record RunView(
    RunState state,
    int round,
    Instant since,
    String message,
    List<TaskView> tasks,
    List<SiteView> attached,
    Set<ModelKey> models,
    Map<ModelKey, Score> scores,
    Set<String> quarantined) {

  List<TaskView> tasks(TaskKind kind, int ofRound) {
    return tasks.stream()
        .filter(task -> task.key().kind() == kind && task.key().round() == ofRound)
        .toList();
  }

  Stream<String> sites(Predicate<TaskView> withTask) {
    return tasks.stream().filter(withTask).map(task -> task.key().site()).distinct().sorted();
  }
}
