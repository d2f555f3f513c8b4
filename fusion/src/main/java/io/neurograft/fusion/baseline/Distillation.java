package io.neurograft.fusion.baseline;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import io.neurograft.neural.PhaseTimes;
import io.neurograft.neural.Progress;
import io.neurograft.neural.data.Batches;
import io.neurograft.neural.data.Dataset;
import io.neurograft.neural.network.Network;
import io.neurograft.neural.network.NetworkSpec;
import io.neurograft.neural.network.Weights;
import io.neurograft.neural.training.Objective;
import io.neurograft.neural.training.Optimizer;
import io.neurograft.neural.training.Trainer;
import io.neurograft.neural.training.TrainingSettings;
import java.util.List;

/**
 * Distillation of the members' ensemble into one network (Hinton, Vinyals and Dean, arXiv
 * 1503.02531): a fresh network learns the mean of the members' softmaxes on some examples, whose
 * labels it never sees. Members may have any widths, since nothing but their logits is asked for.
 */
public final class Distillation {
  private static final int BATCH = 64;

  /** One rate for every network: Adam's steps do not depend on the loss's scale. */
  private static final double LEARNING_RATE = 1e-3;

  private final double temperature;
  private final TrainingSettings settings;

  /**
   * @param epochs passes over the examples; at least 1
   * @param temperature what logits are divided by before each softmax; above 0
   */
  public Distillation(int epochs, double temperature) {
    this.temperature = temperature;
    this.settings = new TrainingSettings(Optimizer.ADAM, LEARNING_RATE, 0, 0, BATCH, epochs);
  }

  /**
   * Trains a network of the target's.
   *
   * @param members take the target's input and tell the same classes apart
   * @param examples at least one
   * @param seed of the first weights, the order of the examples and dropout
   * @return weights in a scope below {@code parent}, the caller's to close
   * @throws io.neurograft.neural.config.InvalidInputException if the examples do not fit
   */
  public Weights distil(
      NetworkSpec target,
      List<Network> members,
      Dataset examples,
      long seed,
      NDManager parent,
      PhaseTimes phases,
      Progress progress) {
    float[] taught =
        phases.time("forward", () -> targets(members, examples, parent, progress.part(0, 0.2)));
    Weights weights = Weights.initialise(target, seed, parent);
    try {
      Network network = new Network(target, weights);
      phases.run(
          "fuse",
          () ->
              Trainer.train(
                  network,
                  examples,
                  objective(taught, target.classes()),
                  settings,
                  seed,
                  progress.part(0.2, 1)));
      return weights;
    } catch (RuntimeException e) {
      weights.close();
      throw e;
    }
  }

  /** The members' mean softmax for each example (examples x classes), row by row. */
  float[] targets(List<Network> members, Dataset examples, NDManager parent, Progress progress) {
    NetworkSpec spec = members.get(0).spec();
    float[] targets = new float[Math.multiplyExact(examples.size(), spec.classes())];
    Batches.forEach(
        examples,
        spec.input(),
        Batches.all(examples),
        BATCH,
        parent,
        batch -> {
          NDArray sum = batch.scope().zeros(new Shape(batch.size(), spec.classes()));
          for (Network member : members) {
            sum.addi(member.forward(batch.x()).div(temperature).softmax(1));
          }
          float[] rows = sum.div(members.size()).toFloatArray();
          System.arraycopy(rows, 0, targets, batch.first() * spec.classes(), rows.length);
          progress.report(
              (double) (batch.first() + batch.size()) / examples.size(), "asking the ensemble");
        });
    return targets;
  }

  /** The cross-entropy of softened softmaxes with the targets of the batch's examples. */
  private Objective objective(float[] targets, int classes) {
    return (logits, batch, places) -> {
      float[] rows = new float[places.length * classes];
      for (int i = 0; i < places.length; i++) {
        System.arraycopy(targets, places[i] * classes, rows, i * classes, classes);
      }
      NDArray wanted = batch.scope().create(rows, new Shape(places.length, classes));
      NDArray found = logits.div(temperature).logSoftmax(1);
      return wanted.mul(found).sum(new int[] {1}).mean().neg();
    };
  }
}
