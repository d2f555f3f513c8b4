package io.neurograft.fusion.transplant;

import ai.djl.ndarray.NDManager;
import io.neurograft.neural.network.Network;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Finds members that are too alike to be worth the places that both ask for (the paper's open
 * question 2). Their likeness is the mean cosine of units matched one to one by the weights that
 * make them ({@link UnitMatching}), in the group where that is least, the classes included.
 *
 * <p>On the fixtures, copies with noise of 30 % of the weights are alike to .94, of 60 % to .83, of
 * 100 % to .68; copies that were trained for one or two epochs more to .83 to .99; networks that
 * were trained on other data from the same first weights to .60 (LeNet-5) and .68 (MLP). Strangers
 * reach .33. The first level alone tells them apart as well where its units read many values, but
 * units of 9 inputs match by chance to .66 and of 4 inputs to .87, while what reads them does not.
 * Linear CKA does not tell them apart: what trained strangers compute is alike, too (.97).
 */
final class Diversity {
  /** Between the most alike strangers and the least alike relatives; of units, too. */
  static final double ALIKE = 0.5;

  private Diversity() {}

  /** All pairs of members that are near-duplicates, by the later member. */
  static List<NearDuplicate> nearDuplicates(List<Network> members, NDManager scope) {
    List<NearDuplicate> pairs = new ArrayList<>();
    for (int second = 0; second < members.size(); second++) {
      for (int first = 0; first < second; first++) {
        double likeness = likeness(members.get(first), members.get(second), scope);
        if (likeness >= ALIKE) {
          pairs.add(new NearDuplicate(first, second, likeness));
        }
      }
    }
    return pairs;
  }

  /** How alike two networks are; below {@link #ALIKE} no more than a bound of it. */
  private static double likeness(Network one, Network other, NDManager scope) {
    UnitMatching matching = new UnitMatching(one, other, scope);
    double likeness = bound(matching.cosines(0));
    while (likeness >= ALIKE && matching.next()) {
      likeness = Math.min(likeness, matching.last().mean());
    }
    return likeness < ALIKE ? likeness : Math.min(likeness, matching.classes());
  }

  /** No matching has a higher mean: the mean of each unit's best, over the narrower network. */
  private static double bound(double[][] cosines) {
    return Arrays.stream(cosines)
        .mapToDouble(row -> Arrays.stream(row).max().orElse(0))
        .sorted()
        .skip(Math.max(0, cosines.length - cosines[0].length))
        .average()
        .orElse(0);
  }
}
