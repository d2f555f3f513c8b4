package io.neurograft.coordinator.run;

import com.fasterxml.jackson.databind.JsonNode;
import io.neurograft.fusion.Candidate;
import io.neurograft.fusion.Fusion;
import io.neurograft.fusion.screen.Limits;
import io.neurograft.neural.attribution.ScoreMethod;
import io.neurograft.neural.config.Config;
import io.neurograft.neural.config.ConfigNode;
import io.neurograft.neural.config.InvalidInputException;
import io.neurograft.neural.network.NetworkSpec;
import io.neurograft.neural.training.TrainingSettings;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * A run's specification: what an operator asks for.
 *
 * @param name 1 to 40 of a-z, 0-9 and '-'
 * @param network what every site trains, and what the fused network is
 * @param minimumSites how many sites must be attached to start and must finish each round
 * @param patience how long the run waits for that many sites
 * @param training how members are trained
 * @param methods how they are fused, at least one; each fused model is fine-tuned by itself
 * @param rounds of fine-tuning; 0 or more
 * @param tuning how fused models are fine-tuned
 * @param proxy the coordinator's examples, for methods that need some
 * @param federated how the sites are asked for moments, where these do not come from the proxy
 * @param evaluation data whose test split the coordinator evaluates models on; without it the
 *     sites' figures on the examples they hold back count
 * @param deadline how long a round waits for its sites
 * @param attempts how often a task is given out at the most
 * @param screening what members may be like to be fused; empty where they are not screened
 * @param transfer how artifacts travel
 * @param seed of everything random in the run
 */
public record RunSpec(
    String name,
    NetworkSpec network,
    int minimumSites,
    Duration patience,
    TrainingSettings training,
    Scoring scoring,
    List<NamedMethod> methods,
    int rounds,
    TrainingSettings tuning,
    Optional<ProxyData> proxy,
    Optional<Federation> federated,
    Optional<String> evaluation,
    Duration deadline,
    int attempts,
    Optional<Limits> screening,
    TransferSettings transfer,
    long seed) {
  private static final Pattern NAME = Pattern.compile("[a-z0-9-]{1,40}");
  private static final int MOST_SITES = 100_000;
  private static final int MOST_ROUNDS = 1000;

  /**
   * Reads a specification from a text.
   *
   * @param source what the text is, for messages
   * @throws InvalidInputException with every fault of the text and its place
   */
  public static RunSpec parse(String yaml, String source) {
    return Config.parse(yaml, source, RunSpec::from);
  }

  /** Reads a specification from a document, noting its faults there. */
  public static RunSpec from(ConfigNode root) {
    String name = root.text("name", "run");
    if (!NAME.matcher(name).matches()) {
      root.fault("name", "expected 1 to 40 of a-z, 0-9 and '-', found \"" + name + "\"");
    }
    Optional<ConfigNode> sites = root.section("sites");
    TrainingSettings training =
        root.section("training")
            .map(node -> TrainingSettings.from(node, TrainingSettings.DEFAULT))
            .orElse(TrainingSettings.DEFAULT);
    Optional<ConfigNode> tuning = root.section("fine-tuning");
    RunMoments moments = RunMoments.from(root);
    List<NamedMethod> methods = NamedMethod.from(root, "methods", moments.byDefault());
    methods.forEach(method -> moments.require(root, method));
    NetworkSpec network = NetworkSpec.from(root.requiredSection("network"));
    Scoring scoring = root.section("scores").map(Scoring::from).orElse(Scoring.DEFAULT);
    requireScored(root, scoring, network);
    methods.forEach(method -> requireMade(root, method, scoring, network));
    return new RunSpec(
        name,
        network,
        sites.map(node -> (int) node.integerOr("minimum", 1, MOST_SITES, 2)).orElse(2),
        span(sites.orElse(root), sites.isPresent() ? "wait" : "", Duration.ofMinutes(10)),
        training,
        scoring,
        methods,
        tuning.map(node -> (int) node.integerOr("rounds", 0, MOST_ROUNDS, 1)).orElse(1),
        tuning
            .map(node -> TrainingSettings.from(node, gentler(training)))
            .orElse(gentler(training)),
        moments.proxy(),
        moments.federated(),
        evaluation(root),
        span(root, "deadline", Duration.ofMinutes(30)),
        (int) root.integerOr("attempts", 1, 100, 3),
        screening(root),
        root.section("transfer").map(TransferSettings::from).orElse(TransferSettings.PLAIN),
        root.integerOr("seed", Long.MIN_VALUE, Long.MAX_VALUE, 1));
  }

  /** What the planner needs to know. */
  public RunRules rules() {
    return new RunRules(
        minimumSites,
        patience,
        deadline,
        attempts,
        rounds,
        methods.stream().map(NamedMethod::label).toList(),
        evaluation.isPresent(),
        network.input().shape().stream().map(Integer::longValue).toList(),
        network.classes());
  }

  private static void requireScored(ConfigNode root, Scoring scoring, NetworkSpec network) {
    try {
      scoring.method().requireFit(network);
    } catch (InvalidInputException e) {
      e.faults().forEach(fault -> root.fault("scores.method", fault.toString()));
    }
  }

  /** Checks that a method can make the network, and that it has something to decide by. */
  private static void requireMade(
      ConfigNode root, NamedMethod method, Scoring scoring, NetworkSpec network) {
    try {
      Fusion.requireFit(network, List.of(new Candidate("network", network)), method.method());
    } catch (InvalidInputException e) {
      e.faults().forEach(fault -> root.fault("methods", method.label() + ": " + fault));
    }
    if (method.method().needsScores() && scoring.method() == ScoreMethod.UNIFORM) {
      root.fault("scores.method", method.label() + " ranks by scores, which are all the same here");
    }
  }

  /** Fine-tuning by default: one pass, in steps a fifth as large. */
  private static TrainingSettings gentler(TrainingSettings training) {
    return new TrainingSettings(
        training.optimizer(),
        training.learningRate() / 5,
        training.momentum(),
        training.weightDecay(),
        training.batchSize(),
        1);
  }

  private static Optional<String> evaluation(ConfigNode root) {
    if (!root.has("evaluation")) {
      return Optional.empty();
    }
    String uri = root.text("evaluation");
    DataUris.check(root, "evaluation", uri);
    return Optional.of(uri);
  }

  /** On where nothing is said. YAML reads a bare off as false; in quotes it is a text. */
  private static Optional<Limits> screening(ConfigNode root) {
    if (!root.has("screening")) {
      return Optional.of(Limits.DEFAULT);
    }
    JsonNode said = root.value().get("screening");
    if (said.isObject()) {
      return root.section("screening").map(Limits::from);
    }
    if (!said.isBoolean() && !said.asText().equals("off")) {
      root.fault("screening", "expected on, off, or a mapping with limits");
    }
    return said.isBoolean() && said.booleanValue() ? Optional.of(Limits.DEFAULT) : Optional.empty();
  }

  private static Duration span(ConfigNode node, String key, Duration byDefault) {
    Duration span = key.isEmpty() ? byDefault : node.duration(key, byDefault);
    if (span.isZero()) {
      node.fault(key, "expected a span of time above 0");
    }
    return span;
  }
}
