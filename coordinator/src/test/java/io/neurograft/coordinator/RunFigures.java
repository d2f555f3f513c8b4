package io.neurograft.coordinator;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.neurograft.coordinator.rpc.RunSummary;
import java.util.List;

/** A run's results without the times it took: the same for every run of one seed. */
final class RunFigures {
  private static final JsonMapper JSON = JsonMapper.builder().build();

  private RunFigures() {}

  static JsonNode of(RunSummary run) throws JsonProcessingException {
    return withoutTimes(JSON.readTree(run.result()));
  }

  private static JsonNode withoutTimes(JsonNode node) {
    if (node instanceof ObjectNode object) {
      object.remove(List.of("seconds", "phases"));
    }
    node.forEach(RunFigures::withoutTimes);
    return node;
  }
}
