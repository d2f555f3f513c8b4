package io.neurograft.simulator.baseline;

import io.neurograft.neural.config.ConfigNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** A training on the sites' examples that fused networks are compared with (design: fusion, 6). */
public sealed interface Baseline {
  /** The baseline's name in tables and figures, such as {@code fedavg, 8 rounds}. */
  String label();

  /**
   * Federated averaging (McMahan et al., arXiv 1602.05629): all sites start from one network, each
   * trains it on its own examples, and the mean by numbers of examples is the next round's start.
   *
   * @param rounds at least 1
   * @param epochs of every site in every round; at least 1
   */
  record FedAvg(int rounds, int epochs) implements Baseline {
    @Override
    public String label() {
      return "fedavg, " + counted(rounds, "round") + (epochs == 1 ? "" : " of " + epochs);
    }
  }

  /**
   * One network trained on the examples of all sites in one place, as no site may: what a fusion is
   * to come near to.
   *
   * @param epochs at least 1
   */
  record Pooled(int epochs) implements Baseline {
    @Override
    public String label() {
      return "pooled, " + counted(epochs, "epoch");
    }
  }

  /**
   * Reads the baselines of an experiment, such as {@code {fedavg: {rounds: 8}, pooled: {}}}; those
   * that are not named are not trained. Notes faults there.
   *
   * @param epochs of the members' training: by default as many rounds of one epoch, and as many
   *     epochs on the pooled examples, so that each example is seen as often
   */
  static List<Baseline> from(ConfigNode node, int epochs) {
    List<Baseline> baselines = new ArrayList<>();
    mapping(node, "fedavg")
        .ifPresent(
            section ->
                baselines.add(
                    new FedAvg(count(section, "rounds", epochs), count(section, "epochs", 1))));
    mapping(node, "pooled")
        .ifPresent(section -> baselines.add(new Pooled(count(section, "epochs", epochs))));
    if (baselines.isEmpty()) {
      node.fault("expected fedavg, pooled or both, as in {fedavg: {rounds: 8}, pooled: {}}");
    }
    return baselines;
  }

  private static Optional<ConfigNode> mapping(ConfigNode node, String key) {
    Optional<ConfigNode> section = node.section(key);
    section.ifPresent(ConfigNode::keys); // a fault where it is no mapping
    return section;
  }

  private static int count(ConfigNode section, String key, int byDefault) {
    return (int) section.integerOr(key, 1, 10_000, byDefault);
  }

  private static String counted(int number, String noun) {
    return String.format(Locale.ROOT, "%d %s%s", number, noun, number == 1 ? "" : "s");
  }
}
