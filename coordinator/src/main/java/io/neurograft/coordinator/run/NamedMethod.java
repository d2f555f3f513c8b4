package io.neurograft.coordinator.run;

import io.neurograft.fusion.FusionMethod;
import io.neurograft.neural.config.ConfigNode;
import java.util.ArrayList;
import java.util.List;

/**
 * A fusion method of a run under the name that its models, tasks and figures carry.
 *
 * @param label the method's word, with a number from 2 on where the run has the same word twice
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
      long same = named.stream().filter(n -> n.method().word().equals(method.word())).count();
      named.add(
          new NamedMethod(same == 0 ? method.word() : method.word() + "-" + (same + 1), method));
    }
    return List.copyOf(named);
  }
}
