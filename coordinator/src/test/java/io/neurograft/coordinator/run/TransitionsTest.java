package io.neurograft.coordinator.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

final class TransitionsTest {
  private static final Map<RunState, Set<RunEvent>> ALLOWED = new EnumMap<>(RunState.class);

  static {
    ALLOWED.put(RunState.GATHERING, EnumSet.of(RunEvent.SITES_GATHERED));
    ALLOWED.put(RunState.TRAINING, EnumSet.of(RunEvent.MEMBERS_TRAINED));
    ALLOWED.put(RunState.FUSING, EnumSet.of(RunEvent.ROUND_STARTED, RunEvent.MODEL_CHOSEN));
    ALLOWED.put(RunState.FINE_TUNING, EnumSet.of(RunEvent.SITES_TUNED));
    ALLOWED.put(RunState.AVERAGING, EnumSet.of(RunEvent.ROUND_STARTED, RunEvent.MODEL_CHOSEN));
    ALLOWED.put(RunState.PUBLISHING, EnumSet.of(RunEvent.MODEL_ADOPTED));
    ALLOWED.values().forEach(events -> events.addAll(EnumSet.of(RunEvent.FAULT, RunEvent.CANCEL)));
  }

  @ParameterizedTest
  @EnumSource
  void next_everyPair_isInTheTableOrAnError(RunState state) {
    for (RunEvent event : RunEvent.values()) {
      if (ALLOWED.getOrDefault(state, Set.of()).contains(event)) {
        assertThat(Transitions.next(state, event)).isNotEqualTo(state);
      } else {
        assertThatThrownBy(() -> Transitions.next(state, event))
            .isInstanceOf(IllegalStateException.class)
            .hasMessageContaining(state.name())
            .hasMessageContaining(event.name());
      }
    }
  }

  @Test
  void next_faultOrCancel_endsARunThatHasNotEnded() {
    for (RunState state : ALLOWED.keySet()) {
      assertThat(Transitions.next(state, RunEvent.FAULT)).isEqualTo(RunState.FAILED);
      assertThat(Transitions.next(state, RunEvent.CANCEL)).isEqualTo(RunState.CANCELLED);
    }
  }

  @Test
  void table_everyState_isReachedAndCanEnd() {
    Set<RunState> reached = EnumSet.of(RunState.GATHERING);
    Transitions.table().forEach(line -> reached.add(line.to()));
    assertThat(reached).containsExactlyInAnyOrder(RunState.values());
    assertThat(Transitions.table()).allMatch(line -> !line.from().ended());
  }

  @Test
  void diagram_inTheDocuments_isThatOfTheTable() throws IOException {
    Path page = Path.of("../docs/runs.md");
    assertThat(Files.readString(page)).contains("```mermaid\n" + Transitions.diagram() + "```\n");
  }

  @Test
  void diagram_hasALineForEveryTransition() {
    assertThat(Transitions.diagram())
        .startsWith("stateDiagram-v2")
        .contains("AVERAGING --> FINE_TUNING: ROUND_STARTED")
        .contains("COMPLETED --> [*]");
    assertThat(Transitions.diagram().lines()).hasSize(2 + Transitions.table().size() + 3);
  }
}
