package io.neurograft.neural.attribution;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import io.neurograft.neural.network.Network;
import io.neurograft.neural.network.Pass;
import io.neurograft.neural.network.Place;
import io.neurograft.neural.tensor.Gradients;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What a batch gives at a place of a unit group.
 *
 * @param place the name of the place
 * @param output the pre-activations
 * @param gradient of each example's own logit with respect to them, of the same shape
 */
record PlaceGradient(String place, NDArray output, NDArray gradient) {
  /**
   * Runs the network forward and backward once for all places together. Nothing is recorded before
   * the first place, and no parameter gets a gradient.
   *
   * @param x the batch, normalised (B x input); its scope keeps what only this run needs
   * @param target one row per example, 1 at its own class, else 0 (B x classes)
   * @param pass how activations are differentiated
   * @param scope holds the results
   * @return one for each place, in the order of the run
   */
  static List<PlaceGradient> run(
      Network network, NDArray x, NDArray target, Pass pass, NDManager scope) {
    Set<String> places =
        network.spec().groups().stream()
            .flatMap(group -> group.places().stream())
            .map(Place::layer)
            .collect(Collectors.toSet());
    Map<String, NDArray> outputs = new LinkedHashMap<>();
    Pass recording =
        pass.tapping(
            (place, output) -> {
              if (places.contains(place)) {
                if (!output.hasGradient()) {
                  output.setRequiresGradient(true);
                }
                outputs.put(place, output);
              }
              return output;
            });
    int levels = network.spec().levelCount();
    NDArray logits = Gradients.record(() -> network.forward(x, 0, levels, recording));
    List<NDArray> gradients = Gradients.of(logits, target, List.copyOf(outputs.values()));
    List<PlaceGradient> all = new ArrayList<>();
    outputs.forEach(
        (place, output) -> {
          NDArray gradient = gradients.get(all.size());
          output.attach(scope);
          gradient.attach(scope);
          all.add(new PlaceGradient(place, output, gradient));
        });
    return all;
  }
}
