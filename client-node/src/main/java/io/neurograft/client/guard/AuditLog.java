package io.neurograft.client.guard;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.temporal.ChronoUnit;
import java.util.OptionalDouble;

/**
 * What a person reads to see what a site was asked and what it told: {@code audit.jsonl}, one line
 * a question, on disk before the answer leaves. The operator may move it away while the node is
 * stopped; nothing is decided by it. For one thread.
 */
final class AuditLog {
  private final JsonLines file;
  private final Clock clock;

  private AuditLog(JsonLines file, Clock clock) {
    this.file = file;
    this.clock = clock;
  }

  /**
   * Opens the log of a folder, creating it where it is missing.
   *
   * @throws io.neurograft.neural.config.InvalidInputException if it is damaged
   */
  static AuditLog open(Path folder, Clock clock) throws IOException {
    return new AuditLog(JsonLines.open(folder.resolve("audit.jsonl"), line -> {}), clock);
  }

  /**
   * Writes down an answer.
   *
   * @param epsilon of the run so far, this answer included; empty where answers are exact
   */
  void answered(Asked asked, String answerDigest, OptionalDouble epsilon) throws IOException {
    ObjectNode line = line(asked).put("answer", answerDigest);
    epsilon.ifPresent(spent -> line.put("epsilon", spent));
    file.append(line);
  }

  /** Writes down a refusal. */
  void refused(Asked asked, String why) throws IOException {
    file.append(line(asked).put("refused", why));
  }

  private ObjectNode line(Asked asked) {
    ObjectNode line = JsonNodeFactory.instance.objectNode();
    line.put("time", clock.instant().truncatedTo(ChronoUnit.MILLIS).toString())
        .put("run", asked.run())
        .put("method", asked.method())
        .put("exchange", asked.exchange())
        .put("kind", asked.kind().word());
    if (asked.step() >= 0) {
      line.put("step", asked.step());
    }
    line.put("examples", asked.examples())
        .put("bytes", asked.answerBytes())
        .put("masked", !asked.maskedOver().isEmpty());
    asked.maskedOver().forEach(line.withArray("sites")::add);
    return line.put("data", asked.dataDigest()).put("question", asked.questionDigest());
  }
}
