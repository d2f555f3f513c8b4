package io.neurograft.neural.training;

import ai.djl.ndarray.NDArray;
import io.neurograft.neural.Progress;
import io.neurograft.neural.data.Batch;
import io.neurograft.neural.data.Batches;
import io.neurograft.neural.data.Dataset;
import io.neurograft.neural.network.Network;
import io.neurograft.neural.network.NetworkSpec;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/**
 * How well a network, or an ensemble, classifies a data set.
 *
 * @param examples the number of examples
 * @param correct how many of them were classified rightly
 * @param loss the mean cross-entropy, in nats; 0 where there are no examples
 * @param perClass the same counts class by class
 */
public record Evaluation(long examples, long correct, double loss, List<ClassCount> perClass) {
  private static final int BATCH = 256;

  public Evaluation {
    perClass = List.copyOf(perClass);
  }

  /**
   * The examples of one class.
   *
   * @param name the class
   * @param examples how many there are
   * @param correct how many were classified rightly
   */
  public record ClassCount(String name, long examples, long correct) {}

  /** The share of examples that were classified rightly; 0 where there are none. */
  public double accuracy() {
    return examples == 0 ? 0 : (double) correct / examples;
  }

  /** Evaluates a network. */
  public static Evaluation of(Network network, Dataset data, Progress progress) {
    return evaluate(network, x -> network.forward(x).logSoftmax(1), data, progress);
  }

  /** Evaluates the ensemble of some networks: the mean of their softmaxes. */
  public static Evaluation ofEnsemble(List<Network> members, Dataset data, Progress progress) {
    return evaluate(
        members.get(0),
        x ->
            members.stream()
                .map(member -> member.forward(x).softmax(1))
                .reduce(NDArray::add)
                .orElseThrow()
                .div(members.size())
                .log(),
        data,
        progress);
  }

  private static Evaluation evaluate(
      Network network,
      Function<NDArray, NDArray> logProbabilities,
      Dataset data,
      Progress progress) {
    NetworkSpec spec = network.spec();
    if (data.classes() > spec.classes()) {
      throw new io.neurograft.neural.config.InvalidInputException(
          "data", "it has " + data.classes() + " classes, the network only " + spec.classes());
    }
    Tally tally = new Tally(spec.classes());
    int[] order = Batches.all(data);
    Batches.forEach(
        data,
        spec.input(),
        order,
        BATCH,
        network.weights().scope(),
        batch -> {
          tally.add(batch, logProbabilities.apply(batch.x()));
          progress.report((double) (batch.first() + batch.size()) / order.length, "evaluating");
        });
    return tally.evaluation(data.classNames());
  }

  /** Counts what was classified rightly. */
  private static final class Tally {
    private final long[] examples;
    private final long[] correct;
    private double loss;

    Tally(int classes) {
      examples = new long[classes];
      correct = new long[classes];
    }

    void add(Batch batch, NDArray logProbabilities) {
      long[] labels = batch.labels().toLongArray();
      long[] found = logProbabilities.argMax(1).toLongArray();
      float[] losses = Loss.each(logProbabilities, batch.labels()).toFloatArray();
      for (int i = 0; i < labels.length; i++) {
        examples[(int) labels[i]]++;
        if (found[i] == labels[i]) {
          correct[(int) labels[i]]++;
        }
        loss += losses[i];
      }
    }

    Evaluation evaluation(List<String> names) {
      List<ClassCount> counts = new ArrayList<>();
      long all = 0;
      long right = 0;
      for (int c = 0; c < examples.length; c++) {
        String name = c < names.size() ? names.get(c) : Integer.toString(c);
        counts.add(new ClassCount(name, examples[c], correct[c]));
        all += examples[c];
        right += correct[c];
      }
      return new Evaluation(all, right, all == 0 ? 0 : loss / all, counts);
    }
  }
}
