package io.neurograft.simulator.experiment;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.neurograft.client.guard.Guards;
import io.neurograft.coordinator.run.RunSpec;
import io.neurograft.neural.config.Config;
import io.neurograft.neural.config.ConfigNode;
import io.neurograft.neural.config.Fault;
import io.neurograft.neural.config.InvalidInputException;
import io.neurograft.neural.data.DataUri;
import io.neurograft.neural.data.Partitioner;
import io.neurograft.neural.training.TrainingSettings;
import io.neurograft.simulator.baseline.Baseline;
import io.neurograft.simulator.hostile.HostileSites;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;

/**
 * A federated experiment on one machine: one data set that is dealt out to simulated sites, and the
 * run that these sites take part in.
 *
 * @param name of the run, and of the default output folder
 * @param data URI of the data; its training split is dealt out, its test split is common
 * @param sites the number of sites
 * @param partition the partitioner as it stands in the document, for the nodes' configurations
 * @param holdBack share of its examples that each site holds back for evaluation
 * @param members weights that the sites bring instead of training members, a file for each site; or
 *     empty
 * @param keptMemoryMib how much each node may keep in memory between questions, in MiB; where
 *     empty, what a node does by default
 * @param guards the guards of every site as they stand in the document
 * @param hostile the sites that mean harm
 * @param run the run's specification, a document for the coordinator
 * @param baselines trainings that the run's models are compared with; none of them is published
 */
public record Experiment(
    String name,
    String data,
    int sites,
    JsonNode partition,
    double holdBack,
    List<Path> members,
    OptionalLong keptMemoryMib,
    Optional<JsonNode> guards,
    HostileSites hostile,
    JsonNode run,
    List<Baseline> baselines) {
  /** The keys that concern the simulation; all others specify the run. */
  private static final List<String> OWN =
      List.of(
          "baselines",
          "data",
          "guards",
          "hold-back",
          "hostile",
          "kept-memory-mib",
          "members",
          "partition",
          "sites");

  private static final Experiment FALLBACK =
      new Experiment(
          "",
          "glyphs",
          1,
          NullNode.getInstance(),
          0,
          List.of(),
          OptionalLong.empty(),
          Optional.empty(),
          HostileSites.NONE,
          NullNode.getInstance(),
          List.of());

  /**
   * Reads an experiment.
   *
   * @param yaml the document
   * @param source what it is, for messages
   * @param overrides keys of the document's root to set to other values
   * @throws InvalidInputException with every fault and its place
   */
  public static Experiment parse(String yaml, String source, Map<String, JsonNode> overrides) {
    ObjectNode document = Config.parse(yaml, source, Experiment::root);
    overrides.forEach(document::set);
    ObjectNode own = JsonNodeFactory.instance.objectNode();
    ObjectNode run = document.deepCopy();
    for (String key : OWN) {
      if (document.has(key)) {
        own.set(key, document.get(key));
        run.remove(key);
      }
    }
    // Read last: by default baselines are trained as long as members are.
    ObjectNode compared = JsonNodeFactory.instance.objectNode();
    if (own.has("baselines")) {
      compared.set("baselines", own.remove("baselines"));
    }
    List<Fault> faults = new ArrayList<>();
    Experiment experiment = read(own, source, Experiment::simulation, faults);
    // Where the simulation has faults, the run is read all the same, to find its own.
    (experiment == null ? FALLBACK : experiment).completeRun(run);
    RunSpec spec = read(run, source, RunSpec::from, faults);
    TrainingSettings training = spec == null ? TrainingSettings.DEFAULT : spec.training();
    List<Baseline> baselines =
        read(compared, source, node -> baselines(node, training.epochs()), faults);
    if (experiment == null || spec == null || baselines == null) {
      throw new InvalidInputException(source, faults);
    }
    return new Experiment(
        spec.name(),
        experiment.data,
        experiment.sites,
        experiment.partition,
        experiment.holdBack,
        experiment.members,
        experiment.keptMemoryMib,
        experiment.guards,
        experiment.hostile,
        run,
        baselines);
  }

  private static List<Baseline> baselines(ConfigNode node, int epochs) {
    return node.section("baselines")
        .map(section -> Baseline.from(section, epochs))
        .orElse(List.of());
  }

  private static ObjectNode root(ConfigNode node) {
    ObjectNode copy = JsonNodeFactory.instance.objectNode();
    for (String key : node.keys()) {
      if (node.has(key)) {
        copy.set(key, node.value().get(key));
      }
    }
    return copy;
  }

  private static Experiment simulation(ConfigNode node) {
    String data = node.text("data", "glyphs");
    try {
      DataUri.check(data);
    } catch (InvalidInputException e) {
      node.fault("data", String.valueOf(e.getMessage()));
    }
    int sites = (int) node.integerOr("sites", 1, 1000, 4);
    double holdBack = node.decimalOr("hold-back", 0, 0.9, 0.1);
    JsonNode partition = JsonNodeFactory.instance.textNode("iid");
    if (node.has("partition")) {
      partition = node.value().get("partition");
      node.section("partition").ifPresent(Partitioner::from);
    }
    List<Path> members = members(node, sites);
    Optional<JsonNode> guards = Optional.empty();
    if (node.has("guards")) {
      guards = Optional.of(node.value().get("guards"));
      node.section("guards").ifPresent(Guards::from);
    }
    OptionalLong kept =
        node.has("kept-memory-mib")
            ? OptionalLong.of(node.integer("kept-memory-mib", 0, 1 << 20))
            : OptionalLong.empty();
    HostileSites hostile =
        node.section("hostile")
            .map(section -> HostileSites.from(section, sites))
            .orElse(HostileSites.NONE);
    return new Experiment(
        "", data, sites, partition, holdBack, members, kept, guards, hostile, partition, List.of());
  }

  private static List<Path> members(ConfigNode node, int sites) {
    List<Path> members =
        node.items("members").stream().map(item -> Path.of(item.text()).toAbsolutePath()).toList();
    if (!members.isEmpty() && members.size() != sites) {
      node.fault(
          "members",
          "expected a file for each of %d sites, found %d".formatted(sites, members.size()));
    }
    members.stream()
        .filter(file -> !Files.isRegularFile(file))
        .forEach(file -> node.fault("members", "there is no file " + file));
    return members;
  }

  /**
   * Adds to the run what follows from the simulation: all sites take part, and the run goes on with
   * the honest ones; the data is common.
   */
  private void completeRun(ObjectNode run) {
    run.putObject("sites").put("minimum", sites - hostile.count());
    run.put("evaluation", data);
    if (run.path("moments").isObject() && !run.path("moments").has("federated")) {
      ((ObjectNode) run.get("moments")).put("proxy", data);
    } else if (!run.has("moments")) {
      run.putObject("moments").put("proxy", data);
    }
  }

  /** The run does not know the simulation's keys; a person who mistyped one should read them. */
  private static Fault withOwnKeys(Fault fault) {
    String start = "unknown key (known keys: ";
    if (fault.place().contains(".") || !fault.message().startsWith(start)) {
      return fault;
    }
    String known = fault.message().substring(start.length(), fault.message().length() - 1);
    Set<String> all = new TreeSet<>(Arrays.asList(known.split(", ", -1)));
    all.remove("evaluation"); // follows from the data
    all.addAll(OWN);
    return new Fault(fault.place(), start + String.join(", ", all) + ")");
  }

  private static <T> @org.jspecify.annotations.Nullable T read(
      JsonNode tree, String source, Function<ConfigNode, T> reader, List<Fault> faults) {
    try {
      return Config.read(tree, source, reader);
    } catch (InvalidInputException e) {
      e.faults().stream().map(Experiment::withOwnKeys).forEach(faults::add);
      return null;
    }
  }
}
