package io.neurograft.client.task;

import io.neurograft.client.config.DataConfig;
import io.neurograft.neural.config.InvalidInputException;
import io.neurograft.neural.data.DataDigest;
import io.neurograft.neural.data.DataUri;
import io.neurograft.neural.data.Dataset;
import io.neurograft.neural.data.Split;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;

/**
 * A site's examples. They are split once, class by class with a fixed seed, so that a restarted
 * node holds back the same examples: none of them is ever trained on.
 *
 * @param training what models are trained on; never empty
 * @param heldBack what models are evaluated on; may be empty
 */
public record SiteData(Dataset training, Dataset heldBack) {
  private static final long SPLIT_SEED = 0;

  /**
   * Reads a site's data.
   *
   * @throws InvalidInputException if it cannot be read, or too little is left to train on
   */
  public static SiteData open(DataConfig config) {
    return of(DataUri.open(config.uri(), Split.TRAIN), config);
  }

  /**
   * A site's part of data that was read already.
   *
   * @param all the training split of the data that the configuration names
   * @throws InvalidInputException if too little is left to train on
   */
  public static SiteData of(Dataset all, DataConfig config) {
    Dataset own =
        config
            .partition()
            .map(
                p ->
                    all.subset(
                        p.partitioner().partition(all.labels(), all.classes(), p.of())[p.index()]))
            .orElse(all);
    return split(own, config);
  }

  /** Names the training examples by what is in them. */
  String digest() {
    return DataDigest.of(training);
  }

  static SiteData split(Dataset own, DataConfig config) {
    Random random = new Random(SPLIT_SEED);
    List<Integer> training = new ArrayList<>();
    List<Integer> heldBack = new ArrayList<>();
    for (List<Integer> ofClass : byClass(own)) {
      Collections.shuffle(ofClass, random);
      int held = (int) Math.round(ofClass.size() * config.holdBack());
      heldBack.addAll(ofClass.subList(0, held));
      training.addAll(ofClass.subList(held, ofClass.size()));
    }
    if (training.isEmpty()) {
      throw new InvalidInputException(
          "data " + config.uri(), "no example is left to train on; hold back fewer");
    }
    return new SiteData(own.subset(sorted(training)), own.subset(sorted(heldBack)));
  }

  private static List<List<Integer>> byClass(Dataset data) {
    List<List<Integer>> classes = new ArrayList<>();
    for (int c = 0; c < data.classes(); c++) {
      classes.add(new ArrayList<>());
    }
    for (int i = 0; i < data.size(); i++) {
      classes.get(data.label(i)).add(i);
    }
    return classes;
  }

  private static int[] sorted(List<Integer> indices) {
    return indices.stream().mapToInt(Integer::intValue).sorted().toArray();
  }
}
