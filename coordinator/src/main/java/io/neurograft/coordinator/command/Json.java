package io.neurograft.coordinator.command;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.neurograft.coordinator.rpc.RunSummary;
import io.neurograft.coordinator.rpc.SiteSummary;

/** Words runs and sites as JSON documents. */
final class Json {
  private static final JsonMapper MAPPER = JsonMapper.builder().build();

  private Json() {}

  static ObjectNode run(RunSummary run) {
    ObjectNode json =
        JsonNodeFactory.instance
            .objectNode()
            .put("run", run.run())
            .put("name", run.name())
            .put("state", run.state())
            .put("paused", run.paused())
            .put("round", run.round())
            .put("created", run.created().toString())
            .put("changed", run.changed().toString())
            .put("message", run.message());
    ArrayNode sites = json.putArray("sites");
    for (RunSummary.SitePhase site : run.sites()) {
      sites
          .addObject()
          .put("site", site.site())
          .put("phase", site.phase())
          .put("fraction", site.fraction());
    }
    if (!run.publishedDigest().isEmpty()) {
      json.putObject("published")
          .put("method", run.publishedMethod())
          .put("digest", run.publishedDigest());
    }
    if (!run.result().isEmpty()) {
      json.set("result", parse(run.result()));
    }
    return json;
  }

  static ObjectNode site(SiteSummary site) {
    ObjectNode json =
        JsonNodeFactory.instance
            .objectNode()
            .put("site", site.site())
            .put("attached", site.attached())
            .put("lastSeen", site.lastSeen().toString())
            .put("version", site.softwareVersion());
    ArrayNode counts = json.putArray("classCounts");
    site.classCounts().forEach(counts::add);
    return json;
  }

  private static JsonNode parse(String text) {
    try {
      return MAPPER.readTree(text);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("the coordinator's result is no JSON", e);
    }
  }
}
