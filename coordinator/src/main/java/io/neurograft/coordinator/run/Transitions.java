package io.neurograft.coordinator.run;

import static io.neurograft.coordinator.run.RunEvent.CANCEL;
import static io.neurograft.coordinator.run.RunEvent.FAULT;
import static io.neurograft.coordinator.run.RunEvent.MEMBERS_TRAINED;
import static io.neurograft.coordinator.run.RunEvent.MODEL_ADOPTED;
import static io.neurograft.coordinator.run.RunEvent.MODEL_CHOSEN;
import static io.neurograft.coordinator.run.RunEvent.ROUND_STARTED;
import static io.neurograft.coordinator.run.RunEvent.SITES_GATHERED;
import static io.neurograft.coordinator.run.RunEvent.SITES_TUNED;
import static io.neurograft.coordinator.run.RunState.AVERAGING;
import static io.neurograft.coordinator.run.RunState.CANCELLED;
import static io.neurograft.coordinator.run.RunState.COMPLETED;
import static io.neurograft.coordinator.run.RunState.FAILED;
import static io.neurograft.coordinator.run.RunState.FINE_TUNING;
import static io.neurograft.coordinator.run.RunState.FUSING;
import static io.neurograft.coordinator.run.RunState.GATHERING;
import static io.neurograft.coordinator.run.RunState.PUBLISHING;
import static io.neurograft.coordinator.run.RunState.TRAINING;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** The transition table of a run: which event leads from which state to which. */
public final class Transitions {
  /** One line of the table. */
  public record Transition(RunState from, RunEvent event, RunState to) {}

  private static final List<Transition> TABLE =
      Stream.concat(
              Stream.of(
                  new Transition(GATHERING, SITES_GATHERED, TRAINING),
                  new Transition(TRAINING, MEMBERS_TRAINED, FUSING),
                  new Transition(FUSING, ROUND_STARTED, FINE_TUNING),
                  new Transition(FUSING, MODEL_CHOSEN, PUBLISHING),
                  new Transition(FINE_TUNING, SITES_TUNED, AVERAGING),
                  new Transition(AVERAGING, ROUND_STARTED, FINE_TUNING),
                  new Transition(AVERAGING, MODEL_CHOSEN, PUBLISHING),
                  new Transition(PUBLISHING, MODEL_ADOPTED, COMPLETED)),
              Arrays.stream(RunState.values())
                  .filter(state -> !state.ended())
                  .flatMap(
                      state ->
                          Stream.of(
                              new Transition(state, FAULT, FAILED),
                              new Transition(state, CANCEL, CANCELLED))))
          .toList();

  private Transitions() {}

  /** All lines of the table. */
  public static List<Transition> table() {
    return TABLE;
  }

  /** The state that an event leads to; empty where the event has no place in the state. */
  public static Optional<RunState> find(RunState from, RunEvent event) {
    return TABLE.stream()
        .filter(line -> line.from() == from && line.event() == event)
        .map(Transition::to)
        .findFirst();
  }

  /**
   * The state that an event leads to.
   *
   * @throws IllegalStateException if the event has no place in the state
   */
  public static RunState next(RunState from, RunEvent event) {
    return find(from, event)
        .orElseThrow(
            () -> new IllegalStateException("a run in " + from + " knows no event " + event));
  }

  /** The table as a Mermaid state diagram, one line per transition. */
  public static String diagram() {
    StringBuilder lines = new StringBuilder("stateDiagram-v2\n  [*] --> GATHERING\n");
    for (Transition line : TABLE) {
      lines.append("  %s --> %s: %s\n".formatted(line.from(), line.to(), line.event()));
    }
    for (RunState state : RunState.values()) {
      lines.append(state.ended() ? "  " + state + " --> [*]\n" : "");
    }
    return lines.toString();
  }
}
