package io.neurograft.client.command;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.neurograft.client.preflight.Line;
import io.neurograft.client.preflight.Report;

/**
 * A report of a preflight, for programs: {@code {"site", "passed", "checks": [{"check",
 * "coordinator", "outcome", "found", "mend"}]}}; coordinator and mend only where there is one.
 */
final class PreflightJson {
  private PreflightJson() {}

  static String of(Report report) {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    json.put("site", report.site()).put("passed", report.passed());
    report.lines().forEach(line -> put(json.withArray("checks").addObject(), line));
    return json.toPrettyString();
  }

  private static void put(ObjectNode json, Line line) {
    json.put("check", line.check().word());
    line.coordinator().ifPresent(at -> json.put("coordinator", at.toString()));
    json.put("outcome", line.finding().outcome().word()).put("found", line.finding().found());
    if (!line.finding().mend().isEmpty()) {
      json.put("mend", line.finding().mend());
    }
  }
}
