package io.neurograft.client.task;

import ai.djl.ndarray.NDManager;
import io.neurograft.client.transfer.ArtifactRef;
import io.neurograft.neural.Progress;
import io.neurograft.neural.data.Dataset;
import io.neurograft.neural.network.Network;
import io.neurograft.neural.network.NetworkSpec;
import io.neurograft.neural.network.Weights;
import io.neurograft.neural.tensor.Compute;
import io.neurograft.neural.training.Trainer;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Pulls a model, trains it further on the site's examples, evaluates it before and after. */
final class FineTuneJob {
  private FineTuneJob() {}

  static TaskOutcome run(NetworkSpec spec, Work.FineTune work, Workbench bench, Progress progress)
      throws IOException, InterruptedException {
    Dataset data = bench.data().training();
    progress.report(0, "pulling the model");
    try (NDManager scope = Compute.newManager();
        Weights weights = bench.pull(work.model(), spec, scope)) {
      Network network = new Network(spec, weights);
      Optional<Figures> before = bench.evaluate(network, progress.part(0.05, 0.15));
      Trainer.train(network, data, work.training(), work.seed(), progress.part(0.15, 0.9));
      Optional<Figures> after = bench.evaluate(network, progress.part(0.9, 1));
      Map<String, String> metadata =
          Map.of(
              "network", spec.toYaml(),
              "seed", Long.toString(work.seed()),
              "from", work.model().digest().hex());
      bench.deviation().change(weights, false);
      ArtifactRef tuned = bench.makeWeights(weights, metadata, progress);
      return new TaskOutcome(List.of(tuned), data.size(), before, after, 0);
    }
  }
}
