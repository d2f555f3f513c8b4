package io.neurograft.client.task;

import ai.djl.ndarray.NDManager;
import io.neurograft.client.transfer.ArtifactRef;
import io.neurograft.neural.Progress;
import io.neurograft.neural.attribution.Attribution;
import io.neurograft.neural.attribution.Scores;
import io.neurograft.neural.data.Dataset;
import io.neurograft.neural.network.Network;
import io.neurograft.neural.network.NetworkSpec;
import io.neurograft.neural.network.Weights;
import io.neurograft.neural.tensor.Compute;
import io.neurograft.neural.training.Trainer;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/**
 * Trains a member: fresh weights, the site's training examples, then attribution scores. A site
 * that brings a member of its own only scores it. The same seed on the same examples gives
 * artifacts with the same digests, so doing it twice does no harm.
 */
final class TrainJob {
  private TrainJob() {}

  static TaskOutcome run(
      String run, NetworkSpec spec, Work.Train work, Workbench bench, Progress progress)
      throws IOException, InterruptedException {
    work.method().requireFit(spec); // now, not when the member is trained
    Dataset data = bench.data().training();
    try (NDManager scope = Compute.newManager();
        Weights weights =
            bench.member().isPresent()
                ? Weights.read(bench.member().get(), spec, scope)
                : Weights.initialise(spec, work.seed(), scope)) {
      Network network = new Network(spec, weights);
      if (bench.member().isEmpty()) {
        Trainer.train(network, data, work.training(), work.seed(), progress.part(0, 0.8));
      }
      Optional<Figures> after = bench.evaluate(network, progress.part(0.8, 0.85));
      Scores scores =
          Attribution.score(
              network,
              data,
              sample(data.size(), work.examples(), work.seed()),
              work.method(),
              work.steps(),
              progress.part(0.85, 1));
      List<ArtifactRef> artifacts = new ArrayList<>();
      bench.deviation().change(weights, true);
      artifacts.add(bench.makeWeights(weights, metadata(spec, work, bench), progress));
      artifacts.add(bench.make(ArtifactRef.Kind.SCORES, progress, scores::write));
      if (work.masking()) {
        artifacts.add(bench.makeKey(run, progress));
      }
      return new TaskOutcome(artifacts, data.size(), Optional.empty(), after, 0);
    }
  }

  /** Nothing here may depend on the run or on time, or the same training had another digest. */
  private static Map<String, String> metadata(NetworkSpec spec, Work.Train work, Workbench bench) {
    return bench.member().isPresent()
        ? Map.of("network", spec.toYaml())
        : Map.of("network", spec.toYaml(), "seed", Long.toString(work.seed()));
  }

  /** Which examples are scored: a seeded sample in the data's order; all where there are fewer. */
  static int[] sample(int size, int examples, long seed) {
    int[] all = IntStream.range(0, size).toArray();
    if (size <= examples) {
      return all;
    }
    SplittableRandom random = new SplittableRandom(seed);
    for (int i = 0; i < examples; i++) {
      int j = random.nextInt(i, size);
      int swap = all[i];
      all[i] = all[j];
      all[j] = swap;
    }
    return IntStream.of(all).limit(examples).sorted().toArray();
  }
}
