package io.neurograft.client.guard;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.neurograft.client.guard.Admission.Noise;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * What a site was asked about its data and let out, by data and run: {@code ledger.jsonl}. A
 * question stands here, with the mu that its answer spends, before the answer is computed, so that
 * a crash can only count too much. Holds the seeds of noise: as secret as the data. For one thread.
 */
final class Ledger {
  /** Questions that ask the same of the same data. */
  private record Topic(String data, String run, String method, Kind kind, int step) {
    static Topic of(Asked asked) {
      return new Topic(asked.dataDigest(), asked.run(), asked.method(), asked.kind(), asked.step());
    }
  }

  /**
   * One question that was admitted.
   *
   * @param noise empty for an exact answer
   * @param answer the digest of the answer that was let out; empty before
   */
  record Entry(Optional<Noise> noise, Optional<String> answer) {
    /** What the answer spends: everything where it is exact. */
    double mu() {
      return noise.map(Noise::mu).orElse(Double.POSITIVE_INFINITY);
    }
  }

  private final Map<Topic, Map<String, Entry>> topics = new HashMap<>(); // by question digest
  private final JsonLines file;

  private Ledger(Path folder) throws IOException {
    file = JsonLines.open(folder.resolve("ledger.jsonl"), this::read);
  }

  /**
   * Opens the ledger of a folder, creating it where it is missing.
   *
   * @throws io.neurograft.neural.config.InvalidInputException if it is damaged
   */
  static Ledger open(Path folder) throws IOException {
    return new Ledger(folder);
  }

  /** The very same question, if it was admitted before. */
  Optional<Entry> find(Asked asked) {
    return Optional.ofNullable(
        topics.getOrDefault(Topic.of(asked), Map.of()).get(asked.questionDigest()));
  }

  /**
   * Another answer that was let out under the same noise or the same mask. Noise belongs to a
   * question about some data; a mask follows from the question alone.
   */
  Optional<String> rival(Asked asked, String answerDigest) {
    Stream<Entry> covered =
        asked.maskedOver().isEmpty()
            ? find(asked).filter(entry -> entry.noise().isPresent()).stream()
            : topics.values().stream()
                .flatMap(map -> Optional.ofNullable(map.get(asked.questionDigest())).stream());
    return covered
        .flatMap(entry -> entry.answer().stream())
        .filter(answer -> !answer.equals(answerDigest))
        .findFirst();
  }

  /** How many different questions of one run, method, kind and step were admitted on this data. */
  int questions(Asked asked) {
    return topics.getOrDefault(Topic.of(asked), Map.of()).size();
  }

  /** The mu of all answers about some data in one run; infinite if one was exact. */
  double mu(String data, String run) {
    return mu(topic -> topic.data.equals(data) && topic.run.equals(run));
  }

  /** The mu of all answers about some data in all runs; infinite if one was exact. */
  double mu(String data) {
    return mu(topic -> topic.data.equals(data));
  }

  private double mu(Predicate<Topic> counts) {
    return GaussianMechanism.composed(
        topics.entrySet().stream()
            .filter(topic -> counts.test(topic.getKey()))
            .flatMap(topic -> topic.getValue().values().stream())
            .mapToDouble(Entry::mu));
  }

  /** The epsilon of all answers about some data in one run. */
  double epsilon(String data, String run, double delta) {
    return GaussianMechanism.epsilon(mu(data, run), delta);
  }

  /** The epsilon of all answers about some data in all runs. */
  double epsilon(String data, double delta) {
    return GaussianMechanism.epsilon(mu(data), delta);
  }

  /** Remembers that a question was admitted; it is on disk when this returns. */
  void admitted(Asked asked, Optional<Noise> noise) throws IOException {
    ObjectNode line = line(asked);
    noise.ifPresent(n -> line.put("mu", n.mu()).put("clip", n.clip()).put("seed", n.seed()));
    file.append(line);
    read(line);
  }

  /**
   * Remembers which answer is let out; it is on disk when this returns.
   *
   * @throws IllegalStateException if the question was not admitted
   */
  void released(Asked asked, String answerDigest) throws IOException {
    Entry before =
        find(asked).orElseThrow(() -> new IllegalStateException(asked + " was not admitted"));
    if (before.answer().filter(answerDigest::equals).isEmpty()) {
      ObjectNode line = line(asked).put("answer", answerDigest);
      file.append(line);
      read(line);
    }
  }

  private static ObjectNode line(Asked asked) {
    return JsonNodeFactory.instance
        .objectNode()
        .put("data", asked.dataDigest())
        .put("run", asked.run())
        .put("method", asked.method())
        .put("kind", asked.kind().name())
        .put("step", asked.step())
        .put("question", asked.questionDigest());
  }

  private void read(JsonNode line) {
    Topic topic =
        new Topic(
            line.required("data").asText(),
            line.required("run").asText(),
            line.required("method").asText(),
            Kind.valueOf(line.required("kind").asText()),
            line.required("step").asInt());
    String question = line.required("question").asText();
    Map<String, Entry> questions = topics.computeIfAbsent(topic, t -> new LinkedHashMap<>());
    Entry before = questions.get(question);
    if (!line.has("answer")) {
      questions.put(question, new Entry(noise(line), Optional.empty()));
    } else if (before != null) {
      questions.put(
          question, new Entry(before.noise(), Optional.of(line.required("answer").asText())));
    } else {
      throw new IllegalArgumentException("an answer to a question that was not admitted");
    }
  }

  private static Optional<Noise> noise(JsonNode line) {
    return line.has("mu")
        ? Optional.of(
            new Noise(
                line.required("mu").asDouble(),
                line.required("clip").asDouble(),
                line.required("seed").asText()))
        : Optional.empty();
  }
}
