package io.neurograft.fusion.baseline;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import io.neurograft.neural.config.InvalidInputException;
import io.neurograft.neural.network.NetworkSpec;
import io.neurograft.neural.network.Weights;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The mean of several networks' weights, entry by entry; sums in double precision. */
public final class Averaging {
  private Averaging() {}

  /** The plain mean. */
  public static Weights mean(NetworkSpec target, List<Weights> members, NDManager parent) {
    double[] equal = new double[members.size()];
    Arrays.fill(equal, 1);
    return weighted(target, members, equal, parent);
  }

  /**
   * The weighted mean.
   *
   * @param target the network that all members are
   * @param amounts each member's weight, such as its number of examples; not negative, one above 0
   * @throws InvalidInputException if a member is another network than the target
   */
  public static Weights weighted(
      NetworkSpec target, List<Weights> members, double[] amounts, NDManager parent) {
    for (int i = 0; i < members.size(); i++) {
      if (!members.get(i).spec().equals(target)) {
        throw new InvalidInputException(
            "member " + (i + 1), "averaging needs members of the fused network's own widths");
      }
    }
    double total = Arrays.stream(amounts).sum();
    try (NDManager scope = parent.newSubManager()) {
      Map<String, NDArray> means = new LinkedHashMap<>();
      target
          .parameters()
          .forEach(
              (name, shape) -> {
                NDArray sum = scope.zeros(shape, DataType.FLOAT64);
                for (int i = 0; i < members.size(); i++) {
                  try (NDArray exact = members.get(i).get(name).toType(DataType.FLOAT64, true)) {
                    exact.muli(amounts[i] / total);
                    sum.addi(exact);
                  }
                }
                means.put(name, sum);
              });
      return Weights.of(target, means, parent);
    }
  }
}
