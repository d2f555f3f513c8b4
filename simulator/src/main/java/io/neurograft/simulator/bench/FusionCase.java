package io.neurograft.simulator.bench;

import io.neurograft.fusion.FusionMethod;
import io.neurograft.neural.network.NetworkSpec;
import java.util.Locale;

/**
 * One fusion to be timed.
 *
 * @param name the network's
 * @param members how many
 * @param images how many examples give moments
 */
public record FusionCase(
    String name, NetworkSpec network, int members, int images, FusionMethod method) {

  /** The case in a few words, for progress. */
  public String label() {
    return String.format(
        Locale.ROOT, "%s, %d members, %d images, %s", name, members, images, method.label());
  }
}
