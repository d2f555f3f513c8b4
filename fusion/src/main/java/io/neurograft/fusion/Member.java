package io.neurograft.fusion;

import io.neurograft.neural.attribution.Scores;
import io.neurograft.neural.network.NetworkSpec;
import io.neurograft.neural.network.Weights;
import java.util.List;

/**
 * One trained network that goes into a fusion.
 *
 * @param name what people call it: its site, or its file
 * @param network its specification; its widths may differ from the other members'
 * @param weights its weights, which stay the caller's
 * @param scores the importance of its units
 * @param classCounts how many examples of each class it was trained on; empty where unknown
 * @param digest the SHA-256 of its weights file, in hex; empty where there is none
 */
public record Member(
    String name,
    NetworkSpec network,
    Weights weights,
    Scores scores,
    List<Long> classCounts,
    String digest) {
  public Member {
    classCounts = List.copyOf(classCounts);
  }
}
