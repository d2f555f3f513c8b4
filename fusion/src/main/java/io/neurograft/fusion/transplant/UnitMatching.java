package io.neurograft.fusion.transplant;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import io.neurograft.neural.network.Network;
import io.neurograft.neural.network.Slice;
import io.neurograft.neural.network.UnitGroup;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * Compares the units of two networks by the cosine of the weights that make them, group by group in
 * the order of a run: first those that read the network's input, which needs no alignment, then
 * those that read units which are matched already, each partner's weight beside its own. Biases do
 * not count. Of a group that is made at several places only those count whose inputs come earlier.
 */
final class UnitMatching {
  private final Network first;
  private final Network second;
  private final List<UnitGroup> firstGroups;
  private final List<UnitGroup> secondGroups;
  private final NDManager parent;
  private final List<Matching> matched = new ArrayList<>(); // by group

  UnitMatching(Network first, Network second, NDManager parent) {
    this.first = first;
    this.second = second;
    this.firstGroups = first.spec().groups();
    this.secondGroups = second.spec().groups();
    this.parent = parent;
  }

  /** Matches one more group; false if there is none left but the classes. */
  boolean next() {
    if (matched.size() == firstGroups.size() - 1) {
      return false;
    }
    matched.add(Matching.of(cosines(matched.size())));
    return true;
  }

  /** The matching of the group that was matched last. */
  Matching last() {
    return matched.get(matched.size() - 1);
  }

  /** One matching for each group but the classes. */
  List<Matching> all() {
    while (matched.size() < firstGroups.size() - 1) {
      next();
    }
    return List.copyOf(matched);
  }

  /** The mean cosine of what makes a class in both networks, when all groups are matched. */
  double classes() {
    double[][] cosines = cosines(firstGroups.size() - 1);
    return IntStream.range(0, cosines.length).mapToDouble(c -> cosines[c][c]).average().orElse(0);
  }

  /**
   * The cosines (n x m) between all units of a group.
   *
   * @param index the groups before it are matched
   */
  double[][] cosines(int index) {
    int rows = firstGroups.get(index).units();
    int columns = secondGroups.get(index).units();
    try (NDManager scope = parent.newSubManager()) {
      NDArray products = scope.zeros(new Shape(rows, columns));
      NDArray firstSquares = scope.zeros(new Shape(rows));
      NDArray secondSquares = scope.zeros(new Shape(columns));
      for (String weight : makers(index)) {
        NDArray own = first.weights().get(weight);
        NDArray other = second.weights().get(weight);
        NDArray a = rows(own, rows, scope);
        NDArray b = rows(other, columns, scope);
        firstSquares.addi(a.square().sum(new int[] {1}));
        secondSquares.addi(b.square().sum(new int[] {1}));
        NDArray beside =
            read(weight).map(r -> rows(aligned(own, other, r, scope), columns, scope)).orElse(b);
        products.addi(a.matMul(beside.transpose())); // (n x m) = (n x D)(D x m)
      }
      float[] inner = products.toFloatArray();
      float[] left = firstSquares.toFloatArray();
      float[] right = secondSquares.toFloatArray();
      double[][] cosines = new double[rows][columns];
      for (int i = 0; i < rows; i++) {
        for (int j = 0; j < columns; j++) {
          cosines[i][j] = cosine(inner[i * columns + j], left[i], right[j]);
        }
      }
      return cosines;
    }
  }

  /** The weights that make a group's units of what is matched already. */
  private List<String> makers(int index) {
    return firstGroups.get(index).slices().stream()
        .filter(slice -> slice.part() == Slice.Part.INCOMING)
        .map(Slice::parameter)
        .filter(weight -> read(weight).map(r -> r.group.index() < matched.size()).orElse(true))
        .toList();
  }

  /** Units that nothing makes are alike. */
  private static double cosine(double inner, double left, double right) {
    double norms = Math.sqrt(left) * Math.sqrt(right);
    return norms > 0 ? inner / norms : left == right ? 1 : 0;
  }

  /** Who lies along a weight's second axis. */
  private record Read(UnitGroup group, Slice slice) {}

  /** What a weight reads; empty where that is the network's input. */
  private Optional<Read> read(String weight) {
    return firstGroups.stream()
        .flatMap(group -> group.slices().stream().map(slice -> new Read(group, slice)))
        .filter(read -> read.slice.parameter().equals(weight) && read.slice.axis() == 1)
        .findFirst();
  }

  private static NDArray rows(NDArray weight, int units, NDManager scope) {
    NDArray rows = weight.reshape(units, -1);
    rows.attach(scope);
    return rows;
  }

  /** The second network's weight with its columns where their partners are in the first's. */
  private NDArray aligned(NDArray own, NDArray other, Read read, NDManager scope) {
    List<Integer> partners = matched.get(read.group.index()).partners();
    int stride = read.slice.stride();
    int outputs = (int) other.getShape().get(0);
    int columns = (int) own.getShape().get(1);
    int otherColumns = (int) other.getShape().get(1);
    int rest = (int) (other.size() / outputs / otherColumns); // of a convolution: its kernel
    float[] from = other.toFloatArray();
    float[] to = new float[outputs * columns * rest];
    for (int unit = 0; unit < partners.size(); unit++) {
      for (int s = 0; partners.get(unit) >= 0 && s < stride; s++) {
        int at = partners.get(unit) * stride + s;
        for (int row = 0; row < outputs; row++) {
          System.arraycopy(
              from,
              (row * otherColumns + at) * rest,
              to,
              (row * columns + unit * stride + s) * rest,
              rest);
        }
      }
    }
    return scope.create(to, new Shape(outputs, (long) columns * rest));
  }
}
