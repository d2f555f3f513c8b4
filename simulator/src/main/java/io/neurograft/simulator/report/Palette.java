package io.neurograft.simulator.report;

import java.util.List;

/** Colours that are told apart, also by most who see fewer of them. */
final class Palette {
  private static final List<String> COLOURS =
      List.of("#4477aa", "#ee6677", "#228833", "#ccbb44", "#66ccee", "#aa3377", "#999999");

  /** Degrees between hues that follow each other: none comes back soon. */
  private static final int TURN = 137;

  private Palette() {}

  /** The colour of the thing at an index. */
  static String colour(int index) {
    return index < COLOURS.size()
        ? COLOURS.get(index)
        : "hsl(%d, 50%%, 50%%)".formatted(index * TURN % 360);
  }
}
