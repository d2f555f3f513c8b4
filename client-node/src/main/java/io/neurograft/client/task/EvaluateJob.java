package io.neurograft.client.task;

import ai.djl.ndarray.NDManager;
import io.neurograft.neural.Progress;
import io.neurograft.neural.network.Network;
import io.neurograft.neural.network.NetworkSpec;
import io.neurograft.neural.network.Weights;
import io.neurograft.neural.tensor.Compute;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/** Pulls a model and evaluates it on the examples held back. */
final class EvaluateJob {
  private EvaluateJob() {}

  static TaskOutcome run(NetworkSpec spec, Work.Evaluate work, Workbench bench, Progress progress)
      throws IOException, InterruptedException {
    progress.report(0, "pulling the model");
    try (NDManager scope = Compute.newManager();
        Weights weights = bench.pull(work.model(), spec, scope)) {
      Optional<Figures> figures = bench.evaluate(new Network(spec, weights), progress.part(0.1, 1));
      return new TaskOutcome(List.of(), 0, figures, Optional.empty(), 0);
    }
  }
}
