package io.neurograft.fusion.transplant;

import io.neurograft.fusion.assignment.Assignment;
import java.util.ArrayList;
import java.util.List;

/**
 * The units of a group of two networks paired one to one, so that the sum of the pairs' cosines is
 * greatest. Where the widths differ, some units of the broader network have no partner.
 *
 * @param partners of each unit of the first network that of the second; -1 where there is none
 * @param cosines of each pair, from -1 to 1; 0 where there is none
 */
record Matching(List<Integer> partners, List<Double> cosines) {
  Matching {
    partners = List.copyOf(partners);
    cosines = List.copyOf(cosines);
  }

  /**
   * Pairs units.
   *
   * @param cosines (n x m) between the units of the first and of the second network
   */
  static Matching of(double[][] cosines) {
    int first = cosines.length;
    int second = cosines[0].length;
    int size = Math.max(first, second);
    double[] cost = new double[size * size]; // whom a unit without a partner is paired to is free
    for (int i = 0; i < first; i++) {
      for (int j = 0; j < second; j++) {
        cost[i * size + j] = -cosines[i][j];
      }
    }
    int[] columns = Assignment.solve(cost, size);
    List<Integer> partners = new ArrayList<>();
    List<Double> paired = new ArrayList<>();
    for (int i = 0; i < first; i++) {
      partners.add(columns[i] < second ? columns[i] : -1);
      paired.add(columns[i] < second ? cosines[i][columns[i]] : 0);
    }
    return new Matching(partners, paired);
  }

  /** The mean cosine of the pairs. */
  double mean() {
    long pairs = partners.stream().filter(partner -> partner >= 0).count();
    return cosines.stream().mapToDouble(Double::doubleValue).sum() / pairs;
  }
}
