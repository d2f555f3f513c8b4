package io.neurograft.coordinator.run;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * Decides what comes next in a run: a pure function of what is known of the run and of the time.
 * Whoever carries the actions out plans again afterwards, until nothing new comes; so a run goes on
 * where it was after any interruption.
 */
public final class RunPlanner {
  private final RunRules rules;
  private final RunView view;
  private final Instant now;

  private RunPlanner(RunRules rules, RunView view, Instant now) {
    this.rules = rules;
    this.view = view;
    this.now = now;
  }

  /** The next actions, in the order in which they are to be carried out; empty while it waits. */
  public static List<Action> plan(RunRules rules, RunView view, Instant now) {
    RunPlanner planner = new RunPlanner(rules, view, now);
    return switch (view.state()) {
      case GATHERING -> planner.gather();
      case TRAINING ->
          planner.round(TaskKind.TRAIN, 0, RunEvent.MEMBERS_TRAINED, "members trained");
      case FUSING -> planner.fuse();
      case FINE_TUNING ->
          planner.round(
              TaskKind.FINE_TUNE, view.round(), RunEvent.SITES_TUNED, "models fine-tuned");
      case AVERAGING -> planner.afterModels(view.round());
      case PUBLISHING -> planner.publish();
      case COMPLETED, FAILED, CANCELLED -> planner.clear();
    };
  }

  private List<Action> gather() {
    List<SiteView> fit = fitting();
    if (fit.size() >= rules.minimumSites()) {
      List<Action> actions = new ArrayList<>();
      Set<String> names = fit.stream().map(SiteView::name).collect(Collectors.toSet());
      issue(actions, TaskKind.TRAIN, List.of(""), 0, new TreeSet<>(names));
      actions.add(move(RunEvent.SITES_GATHERED, 0, fit.size() + " sites train their members"));
      return actions;
    }
    String standing =
        fit.size() + " of " + rules.minimumSites() + " sites are attached" + misfits();
    if (now.isBefore(view.since().plus(rules.patience()))) {
      return note("waits for sites: " + standing);
    }
    return List.of(
        move(
            RunEvent.FAULT,
            0,
            "only "
                + standing
                + " after "
                + words(rules.patience())
                + "; start more nodes, or lower"
                + " sites.minimum"));
  }

  /** Waits for the sites' tasks; goes on with those that are done when no other can be expected. */
  private List<Action> round(TaskKind kind, int round, RunEvent event, String what) {
    Settlement settled = Settlement.of(view.tasks(kind, round), rules.attempts(), now);
    if (settled.reachable() < rules.minimumSites()) {
      String message =
          "no quorum: %s by at most %d sites, sites.minimum is %d (%s)"
              .formatted(what, settled.reachable(), rules.minimumSites(), settled.reasons());
      return List.of(move(RunEvent.FAULT, round, message));
    }
    List<Action> actions = new ArrayList<>(settled.actions());
    if (!settled.waiting()) {
      String without = settled.lost().isEmpty() ? "" : "; without " + settled.reasons();
      actions.add(move(event, round, what + " by " + settled.fewest() + " sites" + without));
    }
    return actions;
  }

  /** Looks after the sites' answers while models are fused. */
  private List<Action> fuse() {
    List<TaskView> asked =
        view.tasks().stream().filter(task -> task.key().kind() == TaskKind.MOMENTS).toList();
    List<Action> actions = new ArrayList<>(Settlement.of(asked, rules.attempts(), now).actions());
    actions.addAll(afterModels(0));
    return actions;
  }

  /** Makes the models of a round, then starts the next round or chooses what to publish. */
  private List<Action> afterModels(int round) {
    for (String method : rules.methods()) {
      ModelKey model = new ModelKey(method, round);
      boolean ready = view.models().contains(model);
      if (!ready || (rules.evaluatedHere() && !view.scores().containsKey(model))) {
        return List.of(round == 0 ? new Action.Fuse() : new Action.Average(round));
      }
    }
    if (round < rules.rounds()) {
      List<Action> actions = new ArrayList<>();
      Set<String> sites = participants();
      issue(actions, TaskKind.FINE_TUNE, rules.methods(), round + 1, sites);
      String message = sites.size() + " sites fine-tune, round " + (round + 1);
      actions.add(move(RunEvent.ROUND_STARTED, round + 1, message));
      return actions;
    }
    return rules.evaluatedHere() ? choose(round) : evaluateAtSites(round);
  }

  private List<Action> evaluateAtSites(int round) {
    List<TaskView> tasks = view.tasks(TaskKind.EVALUATE, round);
    List<Action> actions = new ArrayList<>();
    if (tasks.isEmpty()) {
      issue(actions, TaskKind.EVALUATE, rules.methods(), round, participants());
      actions.add(new Action.Note("the sites evaluate the models"));
      return actions;
    }
    Settlement settled = Settlement.of(tasks, rules.attempts(), now);
    actions.addAll(settled.actions());
    if (!settled.waiting()) {
      actions.addAll(choose(round));
    }
    return actions;
  }

  private List<Action> choose(int round) {
    Choice choice = Choice.of(rules, view.scores(), round);
    List<Action> actions = new ArrayList<>();
    actions.add(new Action.Choose(choice.model()));
    issue(actions, TaskKind.ADOPT, List.of(""), round, receivers());
    actions.add(move(RunEvent.MODEL_CHOSEN, round, choice.reason()));
    return actions;
  }

  private List<Action> publish() {
    List<TaskView> tasks = view.tasks(TaskKind.ADOPT, view.round());
    Settlement settled = Settlement.of(tasks, rules.attempts(), now);
    List<Action> actions = new ArrayList<>(settled.actions());
    if (!settled.waiting()) {
      String without = settled.lost().isEmpty() ? "" : "; not by " + settled.reasons();
      String message = view.message() + "; adopted by " + settled.fewest() + " sites" + without;
      actions.add(move(RunEvent.MODEL_ADOPTED, view.round(), message));
    }
    return actions;
  }

  private List<Action> clear() {
    return view.tasks().stream()
        .filter(task -> task.state() == TaskState.OPEN)
        .<Action>map(task -> new Action.Drop(task.key(), "the run has ended"))
        .toList();
  }

  /**
   * The sites that a new round asks: those attached now, and those that have done their part of the
   * present round and may be back any moment; without those left out because a task of theirs
   * failed for good, or because what they sent did not pass the screening.
   */
  private Set<String> participants() {
    Set<String> sites = receivers();
    sites.removeAll(view.quarantined());
    return sites;
  }

  /** The sites that the published model goes to: a false alarm costs no site the model. */
  private Set<String> receivers() {
    Set<String> sites = new TreeSet<>();
    fitting().forEach(site -> sites.add(site.name()));
    view.sites(
            task ->
                task.state() == TaskState.DONE
                    && task.key().kind() != TaskKind.MOMENTS
                    && task.key().round() == view.round())
        .forEach(sites::add);
    view.sites(
            task -> task.key().kind() != TaskKind.MOMENTS && task.failedForGood(rules.attempts()))
        .forEach(sites::remove);
    return sites;
  }

  private List<SiteView> fitting() {
    return view.attached().stream().filter(site -> site.misfit(rules).isEmpty()).toList();
  }

  private String misfits() {
    return view.attached().stream()
        .flatMap(site -> site.misfit(rules).stream())
        .limit(3)
        .map(misfit -> "; " + misfit)
        .collect(Collectors.joining());
  }

  private void issue(
      List<Action> actions, TaskKind kind, List<String> methods, int round, Set<String> sites) {
    Instant deadline = now.plus(rules.deadline());
    for (String site : sites) {
      for (String method : methods) {
        actions.add(new Action.Issue(new TaskKey(site, kind, method, round), deadline));
      }
    }
  }

  private List<Action> note(String message) {
    return message.equals(view.message()) ? List.of() : List.of(new Action.Note(message));
  }

  private static Action move(RunEvent event, int round, String message) {
    return new Action.Move(event, round, message);
  }

  private static String words(Duration duration) {
    return duration.toSeconds() % 60 == 0 && duration.toSeconds() > 0
        ? duration.toMinutes() + " min"
        : duration.toSeconds() + " s";
  }
}
