package io.neurograft.coordinator.run;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** A run on paper: carries the planner's actions out on maps, as the store does on tables. */
final class Play {
  static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

  final RunRules rules;
  Instant now = START;
  RunState state = RunState.GATHERING;
  int round;
  String message = "";
  final Map<TaskKey, TaskView> tasks = new LinkedHashMap<>();
  final List<SiteView> attached = new ArrayList<>();
  final Set<ModelKey> models = new HashSet<>();
  final Map<ModelKey, Score> scores = new HashMap<>();
  final Set<String> quarantined = new HashSet<>();
  final List<RunState> path = new ArrayList<>(List.of(RunState.GATHERING));
  final List<Action> jobs = new ArrayList<>();
  ModelKey chosen = new ModelKey("", -1);

  Play(RunRules rules) {
    this.rules = rules;
  }

  static RunRules rules(int minimum, int rounds, boolean evaluatedHere, String... methods) {
    return new RunRules(
        minimum,
        Duration.ofMinutes(1),
        Duration.ofMinutes(30),
        3,
        rounds,
        List.of(methods),
        evaluatedHere,
        List.of(1L, 28L, 28L),
        2);
  }

  Play attach(String... names) {
    for (String name : names) {
      attached.add(new SiteView(name, rules.inputShape(), List.of(5L, 5L)));
    }
    return this;
  }

  RunView view() {
    return new RunView(
        state,
        round,
        START,
        message,
        List.copyOf(tasks.values()),
        List.copyOf(attached),
        Set.copyOf(models),
        Map.copyOf(scores),
        Set.copyOf(quarantined));
  }

  /** Plans and carries out until nothing changes; returns the first plan. */
  List<Action> step() {
    List<Action> first = RunPlanner.plan(rules, view(), now);
    List<Action> actions = first;
    for (int i = 0; i < 20 && !jobs(actions); i++) {
      actions.forEach(this::apply);
      actions = RunPlanner.plan(rules, view(), now);
    }
    if (!jobs(actions)) {
      throw new AssertionError("the planner never comes to rest: " + actions);
    }
    jobs.clear();
    jobs.addAll(actions);
    return first;
  }

  private static boolean jobs(List<Action> actions) {
    return actions.stream()
        .allMatch(action -> action instanceof Action.Fuse || action instanceof Action.Average);
  }

  private void apply(Action action) {
    if (action instanceof Action.Issue issue) {
      tasks.putIfAbsent(
          issue.key(),
          new TaskView(issue.key(), TaskState.OPEN, 1, false, now, issue.deadline(), ""));
    } else if (action instanceof Action.Retry retry) {
      TaskView task = requireNonNull(tasks.get(retry.key()));
      put(task, TaskState.OPEN, task.attempts() + 1, false, "");
    } else if (action instanceof Action.Drop drop) {
      TaskView task = requireNonNull(tasks.get(drop.key()));
      put(task, TaskState.DROPPED, task.attempts(), false, drop.reason());
    } else if (action instanceof Action.Choose choose) {
      chosen = choose.model();
    } else if (action instanceof Action.Note note) {
      message = note.message();
    } else if (action instanceof Action.Move move) {
      state = Transitions.next(state, move.event());
      round = move.round();
      message = move.message();
      path.add(state);
    }
  }

  /** Finishes the models that the planner asked for; an accuracy of a hundredth per letter. */
  void doJobs() {
    for (Action job : List.copyOf(jobs)) {
      int of = job instanceof Action.Average average ? average.round() : 0;
      for (String method : rules.methods()) {
        models.add(new ModelKey(method, of));
        if (rules.evaluatedHere()) {
          scores.put(new ModelKey(method, of), new Score(100, method.length(), 1));
        }
      }
    }
    step();
  }

  void finish(String site) {
    report(site, TaskState.DONE, false, "");
  }

  void report(String site, TaskState result, boolean retryable, String why) {
    for (TaskView task : List.copyOf(tasks.values())) {
      if (task.key().site().equals(site) && task.state() == TaskState.OPEN) {
        put(task, result, task.attempts(), retryable, why);
      }
    }
  }

  private void put(TaskView task, TaskState to, int attempts, boolean retryable, String why) {
    tasks.put(
        task.key(),
        new TaskView(
            task.key(),
            to,
            attempts,
            retryable,
            now.plus(TaskView.pause(attempts)),
            task.deadline(),
            why));
  }

  Set<String> openSites() {
    Set<String> sites = new HashSet<>();
    tasks.values().stream()
        .filter(task -> task.state() == TaskState.OPEN)
        .forEach(task -> sites.add(task.key().site()));
    return sites;
  }
}
