package io.neurograft.fusion.screen;

import ai.djl.ndarray.NDArray;
import io.neurograft.neural.attribution.Scores;
import io.neurograft.neural.network.NetworkSpec;
import io.neurograft.neural.network.Weights;
import java.util.Map;
import java.util.TreeMap;

/**
 * The sizes that members are compared by. Each is a root mean square over the units of a level, so
 * that networks of other widths can be compared, too.
 */
final class Norms {
  private Norms() {}

  /** By place, such as {@code weights of level 2}: the norm of what was trained, and statistics. */
  static Map<String, Double> of(NetworkSpec spec, Weights weights) {
    Map<String, Double> squares = new TreeMap<>();
    weights
        .all()
        .forEach(
            (name, array) -> {
              // A variance is a square already.
              double sum = name.endsWith(".running_var") ? sum(array) : squares(array);
              squares.merge(place(name), sum, Double::sum);
            });
    return norms(spec, squares);
  }

  /** The same of the difference between two weights of one network. */
  static Map<String, Double> ofChange(NetworkSpec spec, Weights weights, Weights before) {
    Map<String, Double> squares = new TreeMap<>();
    weights
        .all()
        .forEach(
            (name, array) -> {
              try (NDArray change = array.sub(before.get(name))) {
                squares.merge(place(name), squares(change), Double::sum);
              }
            });
    return norms(spec, squares);
  }

  /** By place, such as {@code scores of group 0}: the mean score. */
  static Map<String, Double> of(Scores scores) {
    Map<String, Double> means = new TreeMap<>();
    for (int i = 0; i < scores.groups().size(); i++) {
      double mean =
          scores.groups().get(i).stream().mapToDouble(Float::doubleValue).average().orElse(0);
      means.put("scores of group " + i, mean);
    }
    return means;
  }

  private static Map<String, Double> norms(NetworkSpec spec, Map<String, Double> squares) {
    Map<String, Double> norms = new TreeMap<>();
    squares.forEach(
        (place, sum) -> {
          int level = Integer.parseInt(place.substring(place.lastIndexOf(' ') + 1));
          norms.put(place, Math.sqrt(sum / spec.units(level)));
        });
    return norms;
  }

  private static String place(String parameter) {
    String what = Weights.trained(parameter) ? "weights of level " : "statistics of level ";
    return what + NetworkSpec.levelOf(parameter);
  }

  private static double squares(NDArray array) {
    double sum = 0;
    for (float value : array.toFloatArray()) {
      sum += (double) value * value;
    }
    return sum;
  }

  private static double sum(NDArray array) {
    double sum = 0;
    for (float value : array.toFloatArray()) {
      sum += Math.abs(value);
    }
    return sum;
  }
}
