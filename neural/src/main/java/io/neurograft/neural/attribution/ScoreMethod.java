package io.neurograft.neural.attribution;

import io.neurograft.neural.config.ConfigNode;
import io.neurograft.neural.config.Fault;
import io.neurograft.neural.config.InvalidInputException;
import io.neurograft.neural.network.Attention;
import io.neurograft.neural.network.LayerNorm;
import io.neurograft.neural.network.NetworkSpec;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** How units are scored (design: fusion, section 3). */
public enum ScoreMethod {
  /** Every unit counts the same. */
  UNIFORM,
  /** Activation times gradient, from a single pass. */
  TAYLOR,
  /** The unit's share of the way from the zero baseline's logit to the example's. */
  CONDUCTANCE,
  /** The same difference of logits, shared out by the rescale rule in a single pass. */
  DEEPLIFT,
  /** What the logit loses without the unit: a forward pass for each unit. */
  ABLATION;

  /**
   * The method in words, such as {@code conductance, 10 steps}.
   *
   * @param steps said where the method integrates
   */
  public String text(int steps) {
    String word = ConfigNode.word(this);
    return this == CONDUCTANCE ? "%s, %d steps".formatted(word, steps) : word;
  }

  /**
   * Checks that a network's units can be scored this way.
   *
   * @throws InvalidInputException naming each kind of layer that the method has no rule for, where
   *     it stands first
   */
  public void requireFit(NetworkSpec network) {
    List<Fault> faults = new ArrayList<>();
    Set<String> seen = new HashSet<>();
    network.forEachLayer(
        (name, layer) -> {
          boolean ruled = !(layer instanceof Attention || layer instanceof LayerNorm);
          if (this == DEEPLIFT && !ruled && seen.add(layer.word())) {
            faults.add(
                new Fault(
                    name,
                    "deeplift has no rule for %s; use taylor, conductance or ablation"
                        .formatted(layer.word())));
          }
        });
    if (!faults.isEmpty()) {
      throw new InvalidInputException("network", faults);
    }
  }
}
