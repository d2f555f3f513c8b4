package io.neurograft.neural.data;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;

/** Draws some examples of a data set. */
public final class Samples {
  private Samples() {}

  /**
   * A seeded draw without replacement that takes the classes in turn, so that each has as many as
   * the others as far as it has them.
   *
   * @param count how many; all examples where there are fewer
   * @return their places, ascending
   */
  public static int[] balanced(Dataset data, int count, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    List<int[]> classes = new ArrayList<>();
    int[] labels = data.labels();
    for (int c = 0; c < data.classes(); c++) {
      classes.add(shuffled(places(labels, c), random));
    }
    int[] chosen = new int[Math.min(count, data.size())];
    int filled = 0;
    for (int turn = 0; filled < chosen.length; turn++) {
      for (int[] places : classes) {
        if (turn < places.length && filled < chosen.length) {
          chosen[filled++] = places[turn];
        }
      }
    }
    Arrays.sort(chosen);
    return chosen;
  }

  private static int[] places(int[] labels, int label) {
    int[] places = new int[labels.length];
    int count = 0;
    for (int i = 0; i < labels.length; i++) {
      if (labels[i] == label) {
        places[count++] = i;
      }
    }
    return Arrays.copyOf(places, count);
  }

  /** The same array, its numbers shuffled. */
  public static int[] shuffled(int[] places, SplittableRandom random) {
    for (int i = places.length - 1; i > 0; i--) {
      int j = random.nextInt(i + 1);
      int place = places[i];
      places[i] = places[j];
      places[j] = place;
    }
    return places;
  }
}
