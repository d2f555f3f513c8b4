package io.neurograft.simulator.baseline;

import ai.djl.ndarray.NDManager;
import io.neurograft.coordinator.run.Seeds;
import io.neurograft.fusion.baseline.Averaging;
import io.neurograft.neural.Progress;
import io.neurograft.neural.data.Dataset;
import io.neurograft.neural.network.Network;
import io.neurograft.neural.network.NetworkSpec;
import io.neurograft.neural.network.Weights;
import io.neurograft.neural.tensor.Compute;
import io.neurograft.neural.training.Evaluation;
import io.neurograft.neural.training.Trainer;
import io.neurograft.neural.training.TrainingSettings;
import java.util.ArrayList;
import java.util.List;

/**
 * Trains baselines as members are trained. The same shards, settings, seed and number of engine
 * threads give the same figures.
 *
 * @param network what is trained
 * @param settings the members'; the epochs are the baseline's own
 * @param seed of the first weights and of the order of examples
 */
public record BaselineTraining(NetworkSpec network, TrainingSettings settings, long seed) {

  /**
   * Trains each baseline and evaluates it.
   *
   * @param shards what each site trains on; at least one
   * @param test what accuracies are measured on
   */
  public List<BaselineResult> run(
      List<Baseline> baselines, List<Dataset> shards, Dataset test, Progress progress) {
    List<BaselineResult> results = new ArrayList<>();
    for (int i = 0; i < baselines.size(); i++) {
      Baseline baseline = baselines.get(i);
      Progress part = progress.part((double) i / baselines.size(), (i + 1.0) / baselines.size());
      try (NDManager scope = Compute.newManager()) {
        long start = System.nanoTime();
        Network trained = new Network(network, train(baseline, shards, scope, part));
        double seconds = (System.nanoTime() - start) / 1e9;
        Evaluation found = Evaluation.of(trained, test, Progress.NONE);
        results.add(new BaselineResult(baseline.label(), found.accuracy(), found.loss(), seconds));
      }
    }
    return results;
  }

  /**
   * Trains one baseline.
   *
   * @return its weights, in a scope below {@code parent}
   */
  Weights train(Baseline baseline, List<Dataset> shards, NDManager parent, Progress progress) {
    String phase = "training " + baseline.label();
    Progress shown = (done, epoch) -> progress.report(done, phase);
    if (baseline instanceof Baseline.FedAvg average) {
      return average(average, shards, parent, shown);
    }
    Weights weights = Weights.initialise(network, seed, parent);
    int epochs = ((Baseline.Pooled) baseline).epochs();
    Trainer.train(
        new Network(network, weights),
        Dataset.union(shards),
        settings.withEpochs(epochs),
        seed,
        shown);
    return weights;
  }

  private Weights average(
      Baseline.FedAvg plan, List<Dataset> shards, NDManager parent, Progress progress) {
    double[] amounts = shards.stream().mapToDouble(Dataset::size).toArray();
    Weights mean = Weights.initialise(network, seed, parent);
    for (int round = 1; round <= plan.rounds(); round++) {
      Progress part = progress.part((round - 1.0) / plan.rounds(), (double) round / plan.rounds());
      try (NDManager scope = parent.newSubManager();
          Weights start = mean) {
        List<Weights> trained = new ArrayList<>();
        for (int site = 0; site < shards.size(); site++) {
          Weights own = start.copy(scope);
          Trainer.train(
              new Network(network, own),
              shards.get(site),
              settings.withEpochs(plan.epochs()),
              Seeds.tuning(seed, "site-" + (site + 1), round),
              part.part((double) site / shards.size(), (site + 1.0) / shards.size()));
          trained.add(own);
        }
        mean = Averaging.weighted(network, trained, amounts, parent);
      }
    }
    return mean;
  }
}
