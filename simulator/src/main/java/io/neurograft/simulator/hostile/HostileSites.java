package io.neurograft.simulator.hostile;

import io.neurograft.neural.config.ConfigNode;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.IntStream;

/**
 * Which sites of an experiment are hostile, and how.
 *
 * @param attacks by the site's index, from 0 on
 */
public record HostileSites(Map<Integer, Attack> attacks) {
  /** All sites are honest. */
  public static final HostileSites NONE = new HostileSites(Map.of());

  public HostileSites {
    attacks = Map.copyOf(attacks);
  }

  /**
   * Reads a mapping from attacks to sites: {@code {label-flip: 1, nan: [2]}}. A list holds numbers
   * of sites, from 1 on as in their names; a number is that of sites, taken from the last one back
   * as far as they are not named already.
   *
   * @param sites the number of all sites; at least one of them stays honest
   */
  public static HostileSites from(ConfigNode node, int sites) {
    SortedMap<Integer, Attack> attacks = new TreeMap<>();
    for (Attack attack : Attack.values()) {
      String key = ConfigNode.word(attack);
      if (node.has(key) && node.value().get(key).isArray()) {
        for (ConfigNode item : node.items(key)) {
          int index = (int) item.integer(1, sites) - 1;
          if (attacks.putIfAbsent(index, attack) != null) {
            item.fault("site " + (index + 1) + " is named twice");
          }
        }
      }
    }
    for (Attack attack : Attack.values()) {
      String key = ConfigNode.word(attack);
      if (node.has(key) && !node.value().get(key).isArray()) {
        long wanted = node.integer(key, 0, sites);
        for (int index = sites - 1; index >= 0 && wanted > 0; index--) {
          wanted -= attacks.putIfAbsent(index, attack) == null ? 1 : 0;
        }
      }
    }
    if (attacks.size() >= sites) {
      node.fault("expected fewer hostile sites than the " + sites + " that there are");
    }
    return new HostileSites(attacks);
  }

  /** How many there are. */
  public int count() {
    return attacks.size();
  }

  /** What a site does; empty where it is honest. */
  public Optional<Attack> attack(int index) {
    return Optional.ofNullable(attacks.get(index));
  }

  /** The first site that is honest. */
  public int firstHonest() {
    return IntStream.iterate(0, i -> i + 1)
        .filter(i -> !attacks.containsKey(i))
        .findFirst()
        .orElseThrow();
  }
}
