package io.neurograft.coordinator.conduct;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.neurograft.coordinator.run.ModelKey;
import io.neurograft.coordinator.run.NamedMethod;
import io.neurograft.coordinator.run.RunSpec;
import io.neurograft.coordinator.run.Score;
import io.neurograft.coordinator.run.TaskKind;
import io.neurograft.coordinator.run.TaskState;
import io.neurograft.coordinator.store.Screened;
import io.neurograft.coordinator.store.SentWeights;
import io.neurograft.coordinator.store.StoredModel;
import io.neurograft.coordinator.store.StoredRun;
import io.neurograft.coordinator.store.StoredTask;
import io.neurograft.coordinator.store.Subject;
import io.neurograft.coordinator.store.Tables;
import io.neurograft.coordinator.store.TaskResult;
import io.neurograft.neural.config.ConfigNode;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * All that is known of a run's results, as one JSON document. Two runs of one specification and one
 * seed differ in nothing but keys named {@code seconds} and {@code phases}.
 */
final class RunResult {
  private static final JsonMapper JSON = JsonMapper.builder().build();

  private final Tables tables;
  private final StoredRun run;
  private final RunSpec spec;
  private final Map<Subject, Score> measured;
  private final Map<ModelKey, StoredModel> models;
  private final Map<ModelKey, Score> scores;
  private final List<Screened> screened;
  private final Map<String, List<SentWeights>> sent;

  private RunResult(Tables tables, StoredRun run) {
    this.tables = tables;
    this.run = run;
    this.spec = RunSpec.parse(run.specification(), run.id());
    this.measured = tables.models().evaluations(run.id());
    this.models =
        tables.models().of(run.id()).stream()
            .collect(Collectors.toMap(StoredModel::key, Function.identity()));
    List<StoredTask> tasks = tables.tasks().since(run.id(), 0);
    this.scores =
        spec.evaluation().isPresent()
            ? ViewReader.measuredHere(measured)
            : ViewReader.measuredBySites(
                tasks, tables.screenings().quarantined(run.id()), spec.screening());
    this.screened = tables.screenings().of(run.id());
    this.sent =
        tasks.stream()
            .collect(
                Collectors.groupingBy(
                    task -> task.key().site(),
                    Collectors.flatMapping(
                        task -> task.result().flatMap(TaskResult::sent).stream(),
                        Collectors.toList())));
  }

  /** The document of a run. */
  static ObjectNode of(Tables tables, StoredRun run) {
    return new RunResult(tables, run).document();
  }

  private ObjectNode document() {
    ObjectNode root = JsonNodeFactory.instance.objectNode();
    root.put("run", run.id())
        .put("name", run.name())
        .put("seed", spec.seed())
        .put("network", spec.network().toYaml());
    ArrayNode sites = root.putArray("sites");
    tables.tasks().of(run.id(), TaskKind.TRAIN, 0).forEach(task -> sites.add(site(task)));
    root.set("ensemble", json(Optional.ofNullable(measured.get(Subject.ENSEMBLE))));
    ArrayNode methods = root.putArray("methods");
    spec.methods().forEach(method -> methods.add(method(method)));
    root.set("published", published());
    root.set("versions", Versions.json());
    return root;
  }

  private ObjectNode site(StoredTask task) {
    String name = task.key().site();
    ObjectNode site = JsonNodeFactory.instance.objectNode().put("site", name);
    ArrayNode counts = site.putArray("classCounts");
    tables.sites().find(name).ifPresent(known -> known.classCounts().forEach(counts::add));
    site.set("heldBack", json(task.result().flatMap(result -> result.after())));
    Subject member = new Subject(Subject.Kind.MEMBER, name, 0);
    site.set("test", json(Optional.ofNullable(measured.get(member))));
    site.put("digest", task.result().flatMap(result -> result.weights()).orElse(null));
    site.put("seconds", task.result().map(result -> result.seconds()).orElse(null));
    site.set("transfer", transfer(name));
    site.put("state", task.state().name().toLowerCase(java.util.Locale.ROOT));
    site.put("leftOut", leftOut(task).orElse(null));
    ArrayNode screenings = site.putArray("screenings");
    screened.stream()
        .filter(one -> one.verdict().name().equals(name))
        .forEach(one -> put(screenings.addObject(), one));
    return site;
  }

  /** Why what the site sent is not, or no further, part of the run's models. */
  private Optional<String> leftOut(StoredTask task) {
    return task.state() == TaskState.FAILED
        ? Optional.of(task.view().message())
        : SiteStanding.quarantine(screened, task.key().site());
  }

  private static void put(ObjectNode json, Screened screened) {
    json.put("method", screened.cohort().method())
        .put("round", screened.cohort().round())
        .put("reason", screened.verdict().reason().orElse(null))
        .put("deviation", screened.verdict().deviation())
        .put("agreement", screened.verdict().agreement().orElse(null));
  }

  /** What the site sent for all weights that it made: its member, and fine-tuned models. */
  private JsonNode transfer(String site) {
    List<SentWeights> all = sent.getOrDefault(site, List.of());
    if (all.isEmpty()) {
      return NULL;
    }
    SentWeights first = all.get(0);
    return JsonNodeFactory.instance
        .objectNode()
        .put("encoding", ConfigNode.word(first.encoding()))
        .put("models", all.size())
        .put("bytes", all.stream().mapToLong(SentWeights::bytes).sum())
        .put("originalBytes", all.stream().mapToLong(SentWeights::originalBytes).sum())
        .put("error", all.stream().mapToDouble(SentWeights::error).max().orElse(0))
        .put("largestError", all.stream().mapToDouble(SentWeights::largestError).max().orElse(0));
  }

  private ObjectNode method(NamedMethod method) {
    ObjectNode json = JsonNodeFactory.instance.objectNode().put("method", method.label());
    json.set("before", json(score(method, 0)));
    ArrayNode curve = json.putArray("curve");
    Optional<StoredModel> last = model(method, 0);
    double seconds = last.map(StoredModel::seconds).orElse(0.0);
    JsonNode report = last.map(model -> parse(model.report())).orElse(NULL);
    for (int round = 1; round <= spec.rounds() && model(method, round).isPresent(); round++) {
      last = model(method, round);
      ObjectNode point = curve.addObject().put("round", round);
      score(method, round).ifPresent(score -> put(point, score));
    }
    json.put("digest", last.map(StoredModel::digest).orElse(null));
    json.put("seconds", seconds);
    json.set("phases", report.path("phases").isMissingNode() ? NULL : report.path("phases"));
    json.set("report", report);
    return json;
  }

  private static final JsonNode NULL = JsonNodeFactory.instance.nullNode();

  private JsonNode published() {
    Optional<StoredModel> model = run.published().map(models::get);
    if (model.isEmpty()) {
      return NULL;
    }
    return JsonNodeFactory.instance
        .objectNode()
        .put("method", model.get().key().method())
        .put("round", model.get().key().round())
        .put("digest", model.get().digest());
  }

  private Optional<StoredModel> model(NamedMethod method, int round) {
    return Optional.ofNullable(models.get(new ModelKey(method.label(), round)));
  }

  private Optional<Score> score(NamedMethod method, int round) {
    return Optional.ofNullable(scores.get(new ModelKey(method.label(), round)));
  }

  private static JsonNode json(Optional<Score> score) {
    if (score.isEmpty()) {
      return NULL;
    }
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    put(json, score.get());
    return json;
  }

  private static void put(ObjectNode json, Score score) {
    json.put("accuracy", score.accuracy())
        .put("loss", score.loss())
        .put("examples", score.examples());
  }

  private static JsonNode parse(String report) {
    try {
      return report.isEmpty() ? NULL : JSON.readTree(report);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a stored report is no JSON", e);
    }
  }
}
