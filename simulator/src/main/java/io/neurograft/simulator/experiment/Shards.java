package io.neurograft.simulator.experiment;

import io.neurograft.client.config.DataConfig;
import io.neurograft.client.task.SiteData;
import io.neurograft.neural.config.Config;
import io.neurograft.neural.data.DataUri;
import io.neurograft.neural.data.Dataset;
import io.neurograft.neural.data.Partitioner;
import io.neurograft.neural.data.Split;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The examples of an experiment as the sites of a run have them, in one place.
 *
 * @param training what each site trains on; what it holds back is not in it
 * @param test the common test split
 */
record Shards(List<Dataset> training, Dataset test) {
  static Shards of(Experiment experiment) {
    Partitioner partitioner = Config.read(experiment.partition(), "partition", Partitioner::from);
    Dataset all = DataUri.open(experiment.data(), Split.TRAIN);
    List<Dataset> training = new ArrayList<>();
    for (int site = 0; site < experiment.sites(); site++) {
      DataConfig config =
          new DataConfig(
              experiment.data(),
              experiment.holdBack(),
              Optional.of(new DataConfig.Partition(partitioner, experiment.sites(), site)));
      training.add(SiteData.of(all, config).training());
    }
    return new Shards(training, DataUri.open(experiment.data(), Split.TEST));
  }
}
