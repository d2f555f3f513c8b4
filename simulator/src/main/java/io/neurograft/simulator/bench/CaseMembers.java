package io.neurograft.simulator.bench;

import ai.djl.ndarray.NDManager;
import com.fasterxml.jackson.databind.JsonNode;
import io.neurograft.neural.Progress;
import io.neurograft.neural.config.Config;
import io.neurograft.neural.config.ConfigNode;
import io.neurograft.neural.data.Dataset;
import io.neurograft.neural.network.Network;
import io.neurograft.neural.network.NetworkSpec;
import io.neurograft.neural.network.Weights;
import io.neurograft.neural.training.Trainer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.StreamSupport;

/**
 * The members of a case.
 *
 * @param networks their weights lie in the scope that was given
 * @param classCounts how many examples of each class each member was trained on
 */
record CaseMembers(List<Network> networks, List<List<Long>> classCounts) {

  /**
   * Reads members that were trained elsewhere.
   *
   * @param folder with network.yaml, member_0.safetensors and so on, and expected.json
   * @throws io.neurograft.neural.config.InvalidInputException if a file is missing or wrong
   */
  static CaseMembers read(Path folder, NDManager scope) {
    NetworkSpec spec = NetworkSpec.read(folder.resolve("network.yaml"));
    List<Network> networks = new ArrayList<>();
    for (int i = 0; i == 0 || Files.exists(file(folder, i)); i++) {
      networks.add(new Network(spec, Weights.read(file(folder, i), spec, scope)));
    }
    JsonNode counts = Config.read(folder.resolve("expected.json"), CaseMembers::tree);
    return new CaseMembers(networks, counts(counts.path("classCounts")));
  }

  private static Path file(Path folder, int member) {
    return folder.resolve("member_" + member + ".safetensors");
  }

  /** The document as it is: most of its keys are not for this benchmark. */
  private static JsonNode tree(ConfigNode node) {
    node.keys().forEach(node::has);
    return node.value();
  }

  private static List<List<Long>> counts(JsonNode members) {
    return StreamSupport.stream(members.spliterator(), false)
        .map(
            member ->
                StreamSupport.stream(member.spliterator(), false).map(JsonNode::asLong).toList())
        .toList();
  }

  /** Trains members, one after the other. */
  static CaseMembers train(
      BenchmarkCase.Members.Trained plan, Dataset data, NDManager scope, Progress progress) {
    List<Dataset> shards = shards(plan, data);
    List<Network> networks = new ArrayList<>();
    List<List<Long>> counts = new ArrayList<>();
    for (int i = 0; i < plan.count(); i++) {
      long seed = plan.seed() + i;
      Network network =
          new Network(plan.network(), Weights.initialise(plan.network(), seed, scope));
      Progress part = progress.part((double) i / plan.count(), (i + 1.0) / plan.count());
      String phase = "training member " + i;
      Trainer.train(
          network, shards.get(i), plan.settings(), seed, (done, epoch) -> part.report(done, phase));
      networks.add(network);
      counts.add(Arrays.stream(shards.get(i).classCounts()).boxed().toList());
    }
    return new CaseMembers(networks, counts);
  }

  /** What each member is trained on. */
  static List<Dataset> shards(BenchmarkCase.Members.Trained plan, Dataset data) {
    List<Dataset> shards = new ArrayList<>();
    if (plan.partition().isEmpty()) {
      for (int i = 0; i < plan.count(); i++) {
        shards.add(data);
      }
      return shards;
    }
    int[][] parts = plan.partition().get().partition(data.labels(), data.classes(), plan.count());
    for (int[] part : parts) {
      shards.add(data.subset(part));
    }
    return shards;
  }
}
