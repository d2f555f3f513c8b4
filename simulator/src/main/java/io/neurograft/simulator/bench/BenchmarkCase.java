package io.neurograft.simulator.bench;

import io.neurograft.fusion.FusionMethod;
import io.neurograft.neural.config.ConfigNode;
import io.neurograft.neural.data.Partitioner;
import io.neurograft.neural.network.NetworkSpec;
import io.neurograft.neural.training.TrainingSettings;
import io.neurograft.simulator.baseline.Baseline;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Members and data on which methods are compared.
 *
 * @param name the case's, a column of the table
 * @param data a data URI, or the scheme of one that the user gives
 * @param members where the members come from
 * @param tune how some fused networks are trained further; empty where none is
 * @param baselines trainings on the members' shards that fusion is compared with
 */
public record BenchmarkCase(
    String name, String data, Members members, Optional<Tuning> tune, List<Baseline> baselines) {

  /** Where a case's members come from. */
  public sealed interface Members {
    /**
     * Files in a folder below the one that the user gives.
     *
     * @param folder its name
     */
    record Stored(String folder) implements Members {}

    /**
     * Networks that the benchmark trains.
     *
     * @param network every member's specification
     * @param count how many
     * @param seed of the first member's weights and training; each has the next one
     * @param partition how examples are dealt out; empty where every member sees all
     */
    record Trained(
        NetworkSpec network,
        int count,
        long seed,
        Optional<Partitioner> partition,
        TrainingSettings settings)
        implements Members {}
  }

  /**
   * Training of fused networks on the whole training split.
   *
   * @param settings its epochs are measured one by one
   * @param methods the words of the methods whose networks are trained
   */
  public record Tuning(TrainingSettings settings, List<String> methods) {
    public Tuning {
      methods = List.copyOf(methods);
    }
  }

  static BenchmarkCase from(ConfigNode node) {
    Members members = members(node);
    return new BenchmarkCase(
        node.text("name"),
        node.text("data"),
        members,
        node.section("tune").map(BenchmarkCase::tuning),
        node.section("baselines").map(section -> baselines(section, members)).orElse(List.of()));
  }

  private static List<Baseline> baselines(ConfigNode node, Members members) {
    if (members instanceof Members.Trained trained && trained.partition().isPresent()) {
      return Baseline.from(node, trained.settings().epochs());
    }
    node.fault("expected members.train with a partition, on whose shards baselines are trained");
    return Baseline.from(node, 1);
  }

  private static Members members(ConfigNode node) {
    ConfigNode members = node.requiredSection("members");
    Optional<ConfigNode> train = members.section("train");
    if (train.isEmpty()) {
      return new Members.Stored(members.text("folder"));
    }
    ConfigNode settings = train.get();
    return new Members.Trained(
        NetworkSpec.from(node.requiredSection("network")),
        (int) settings.integer("count", 1, 64),
        settings.integer("seed", Long.MIN_VALUE, Long.MAX_VALUE),
        settings.section("partition").map(Partitioner::from),
        TrainingSettings.from(settings, TrainingSettings.DEFAULT));
  }

  private static Tuning tuning(ConfigNode node) {
    List<String> methods = new ArrayList<>();
    for (ConfigNode item : node.items("methods")) {
      String word = item.text();
      if (!FusionMethod.WORDS.contains(word)) {
        item.fault("expected one of " + String.join(", ", FusionMethod.WORDS) + ", found " + word);
      }
      methods.add(word);
    }
    return new Tuning(TrainingSettings.from(node, TrainingSettings.DEFAULT), methods);
  }
}
