package io.neurograft.simulator.bench;

import io.neurograft.fusion.FusionMethod;
import io.neurograft.neural.config.ConfigNode;
import io.neurograft.neural.network.NetworkSpec;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What the fusion benchmark times: every network with every number of members and images, by every
 * method.
 *
 * @param networks by name
 */
public record FusionPlan(
    Map<String, NetworkSpec> networks,
    List<Integer> members,
    List<Integer> images,
    List<FusionMethod> methods) {

  /** Reads a plan, noting its faults. */
  public static FusionPlan from(ConfigNode node) {
    Map<String, NetworkSpec> networks = new LinkedHashMap<>();
    ConfigNode named = node.requiredSection("networks");
    for (String name : named.keys()) {
      networks.put(name, NetworkSpec.from(named.requiredSection(name)));
    }
    return new FusionPlan(
        networks,
        node.items("members").stream().map(item -> (int) item.integer(2, 64)).toList(),
        node.items("images").stream().map(item -> (int) item.integer(1, 1 << 24)).toList(),
        node.items("methods").stream().map(FusionMethod::from).toList());
  }

  /** All cases, in order. */
  public List<FusionCase> cases() {
    List<FusionCase> cases = new ArrayList<>();
    networks.forEach(
        (name, network) -> {
          for (int count : members) {
            for (int examples : images) {
              for (FusionMethod method : methods) {
                cases.add(new FusionCase(name, network, count, examples, method));
              }
            }
          }
        });
    return cases;
  }
}
