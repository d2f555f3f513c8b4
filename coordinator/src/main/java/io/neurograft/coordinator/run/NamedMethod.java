package io.neurograft.coordinator.run;

import io.neurograft.fusion.FusionMethod;
import io.neurograft.neural.config.ConfigNode;
import java.util.ArrayList;
import java.util.List;

/**
 * A fusion method of a run under the name that its models, tasks and figures carry.
 *
 * @param label the method's word with the parameters that differ from their defaults
 */
public record NamedMethod(String label, FusionMethod method) {
  private static final int MOST = 16;

  static List<NamedMethod> from(ConfigNode root, String key, FusionMethod byDefault) {
    List<FusionMethod> methods = root.items(key).stream().map(FusionMethod::from).toList();
    if (methods.size() > MOST || (root.has(key) && methods.isEmpty())) {
      root.fault(key, "expected 1 to " + MOST + " methods, found " + methods.size());
    }
    List<NamedMethod> named = new ArrayList<>();
    for (FusionMethod method : methods.isEmpty() ? List.of(byDefault) : methods) {
      if (named.stream().anyMatch(other -> other.method().equals(method))) {
        root.fault(key, method.word() + " stands twice with the same parameters");
      }
      named.add(new NamedMethod(method.label(), method));
    }
    return List.copyOf(named);
  }
}
