package io.neurograft.simulator.experiment;

import ai.djl.ndarray.NDManager;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.neurograft.client.Node;
import io.neurograft.client.config.NodeConfig;
import io.neurograft.client.task.Deviation;
import io.neurograft.coordinator.Coordinator;
import io.neurograft.coordinator.CoordinatorConfig;
import io.neurograft.coordinator.rpc.OperatorClient;
import io.neurograft.coordinator.rpc.RunSummary;
import io.neurograft.coordinator.rpc.SiteSummary;
import io.neurograft.coordinator.run.RunSpec;
import io.neurograft.coordinator.run.Seeds;
import io.neurograft.neural.Progress;
import io.neurograft.neural.config.Config;
import io.neurograft.neural.config.ConfigNode;
import io.neurograft.neural.network.Network;
import io.neurograft.neural.network.NetworkSpec;
import io.neurograft.neural.network.Weights;
import io.neurograft.neural.tensor.DeviceSetting;
import io.neurograft.neural.training.Trainer;
import io.neurograft.proto.channel.Endpoint;
import io.neurograft.simulator.baseline.BaselineResult;
import io.neurograft.simulator.baseline.BaselineTraining;
import io.neurograft.simulator.hostile.Attacks;
import io.neurograft.simulator.report.ReportPage;
import io.neurograft.simulator.report.RunResult;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.ZoneId;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;

/**
 * Runs an experiment: starts a coordinator and the nodes from configuration files that it writes,
 * as an operator would, creates the run and follows it. The nodes share nothing but the machine.
 */
public final class Simulation {
  private static final JsonMapper JSON =
      JsonMapper.builder().disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES).build();
  private static final YAMLMapper YAML = new YAMLMapper();

  private static final String SITE = "site-";
  private static final long POLL_MILLIS = 20;

  /** Which part of the whole the run takes where baselines are trained after it. */
  private static final double BASELINES_FROM = 0.75;

  private final Experiment experiment;
  private final Path out;
  private final int threads;
  private final DeviceSetting device;

  /**
   * @param out a folder that exists, for configurations, state and results
   * @param threads of the engine, which all nodes of this process share
   * @param device where they compute
   */
  public Simulation(Experiment experiment, Path out, int threads, DeviceSetting device) {
    this.experiment = experiment;
    this.out = out;
    this.threads = threads;
    this.device = device;
  }

  /**
   * Runs the experiment and writes {@code result.json}, {@code report.html}, and the published
   * model with its network: {@code model.safetensors} and {@code network.yaml}.
   *
   * @return what is in {@code result.json}
   * @throws IllegalStateException if the run does not complete
   * @throws UncheckedIOException if a file cannot be written
   */
  public RunResult run(Progress progress) {
    Deque<AutoCloseable> open = new ArrayDeque<>();
    try {
      progress.report(0, "starting the coordinator");
      Coordinator coordinator = Coordinator.start(CoordinatorConfig.read(coordinatorFile()));
      open.push(coordinator);
      for (int i = 0; i < experiment.sites(); i++) {
        progress.report(0, "starting node " + (i + 1) + " of " + experiment.sites());
        open.push(startNode(i, coordinator.port()));
      }
      String specification = YAML.writeValueAsString(experiment.run());
      Files.writeString(out.resolve("run.yaml"), specification);
      double end = experiment.baselines().isEmpty() ? 1 : BASELINES_FROM;
      ObjectNode document = follow(coordinator.port(), specification, progress.part(0, end));
      keepModel(document.path("run").asText());
      RunResult result = write(document); // first of all: a baseline that diverges costs no result
      if (experiment.baselines().isEmpty()) {
        return result;
      }
      List<BaselineResult> trained =
          trainBaselines(specification, progress.part(BASELINES_FROM, 1));
      document.set("baselines", JSON.valueToTree(trained));
      return write(document);
    } catch (IOException e) {
      throw new UncheckedIOException("the experiment's files cannot be written", e);
    } finally {
      open.forEach(Simulation::close);
    }
  }

  private Node startNode(int index, int port) throws IOException {
    NodeConfig config = NodeConfig.read(nodeFile(index, port));
    Deviation deviation =
        experiment
            .hostile()
            .attack(index)
            .map(attack -> Attacks.of(attack, -1 - index, this::firstHonestMember))
            .orElse(Deviation.NONE);
    return Node.start(config, Clock.system(ZoneId.systemDefault()), deviation);
  }

  /** The member that the first honest site sends: trained as that site trains it. */
  private Weights firstHonestMember(NetworkSpec network, NDManager scope) {
    int victim = experiment.hostile().firstHonest();
    RunSpec spec = Config.read(experiment.run(), "run", RunSpec::from);
    long seed = Seeds.member(spec.seed(), site(victim));
    Weights weights = Weights.initialise(network, seed, scope);
    Trainer.train(
        new Network(network, weights),
        Shards.of(experiment).training().get(victim),
        spec.training(),
        seed,
        Progress.NONE);
    return weights;
  }

  private ObjectNode follow(int port, String specification, Progress progress) throws IOException {
    int rounds = experiment.run().path("fine-tuning").path("rounds").asInt(1);
    RunProgress shown = new RunProgress(rounds, progress);
    try (OperatorClient operator =
        OperatorClient.to(new Endpoint("127.0.0.1", port), Optional.empty())) {
      awaitSites(operator);
      RunSummary created = operator.create(specification);
      RunSummary ended = operator.watch(created.run(), shown::show);
      if (!ended.completed()) {
        throw new IllegalStateException("the run did not complete: " + ended.message());
      }
      return (ObjectNode) JSON.readTree(ended.result());
    }
  }

  /** A run starts with the sites that are there; here it is to start with all of them. */
  private void awaitSites(OperatorClient operator) {
    while (operator.sites().stream().filter(SiteSummary::attached).count() < experiment.sites()) {
      try {
        Thread.sleep(POLL_MILLIS);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new IllegalStateException("the simulation was interrupted", e);
      }
    }
  }

  private List<BaselineResult> trainBaselines(String specification, Progress progress) {
    RunSpec spec = RunSpec.parse(specification, "run.yaml");
    Shards shards = Shards.of(experiment);
    return new BaselineTraining(spec.network(), spec.training(), spec.seed())
        .run(experiment.baselines(), shards.training(), shards.test(), progress);
  }

  private RunResult write(ObjectNode document) throws IOException {
    ObjectNode facts = document.putObject("experiment");
    facts.put("data", experiment.data()).put("holdBack", experiment.holdBack());
    facts.set("partition", experiment.partition());
    for (int i = 0; i < experiment.sites(); i++) {
      ObjectNode site = (ObjectNode) document.path("sites").get(i);
      int index = Integer.parseInt(site.path("site").asText().substring(SITE.length())) - 1;
      site.put("hostile", experiment.hostile().attack(index).map(ConfigNode::word).orElse(null));
    }
    RunResult result = JSON.treeToValue(document, RunResult.class);
    Files.writeString(
        out.resolve("result.json"),
        JSON.writerWithDefaultPrettyPrinter().writeValueAsString(document) + "\n");
    Files.writeString(out.resolve("report.html"), ReportPage.of(result));
    return result;
  }

  /** Every honest site has the published model; here it lies beside the results. */
  private void keepModel(String run) throws IOException {
    Path models = out.resolve(site(experiment.hostile().firstHonest())).resolve("models");
    Files.copy(models.resolve(run + ".safetensors"), out.resolve("model.safetensors"));
    Files.copy(models.resolve(run + ".network.yaml"), out.resolve("network.yaml"));
  }

  private static String site(int index) {
    return SITE + (index + 1);
  }

  private Path coordinatorFile() throws IOException {
    ObjectNode config = JsonNodeFactory.instance.objectNode();
    config
        .put("listen", "127.0.0.1:0")
        .put("folder", "coordinator")
        .put("threads", threads)
        .put("device", device.toString());
    return file("coordinator.yaml", config);
  }

  private Path nodeFile(int index, int port) throws IOException {
    String site = site(index);
    ObjectNode config = JsonNodeFactory.instance.objectNode();
    config
        .put("coordinator", "127.0.0.1:" + port)
        .put("site", site)
        .put("folder", site)
        .put("threads", threads)
        .put("device", device.toString());
    experiment.keptMemoryMib().ifPresent(mib -> config.put("kept-memory-mib", mib));
    experiment.guards().ifPresent(guards -> config.set("guards", guards));
    if (!experiment.members().isEmpty()) {
      config.put("member", experiment.members().get(index).toString());
    }
    ObjectNode data = config.putObject("data");
    data.put("uri", experiment.data()).put("hold-back", experiment.holdBack());
    ObjectNode partition = data.putObject("partition");
    if (experiment.partition().isTextual()) {
      partition.putObject(experiment.partition().textValue());
    } else {
      partition.setAll((ObjectNode) experiment.partition());
    }
    partition.put("of", experiment.sites()).put("index", index);
    return file(site + ".yaml", config);
  }

  private Path file(String name, ObjectNode config) throws JsonProcessingException, IOException {
    return Files.writeString(out.resolve(name), YAML.writeValueAsString(config));
  }

  private static void close(AutoCloseable part) {
    try {
      part.close();
    } catch (Exception e) {
      throw new IllegalStateException("a part of the simulation does not close", e);
    }
  }
}
