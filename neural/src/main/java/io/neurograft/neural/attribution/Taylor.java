package io.neurograft.neural.attribution;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.DataType;
import io.neurograft.neural.data.Batch;
import io.neurograft.neural.network.Network;
import io.neurograft.neural.network.Pass;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Activation times gradient: what the logit would lose without the unit, to first order (design:
 * fusion, section 3). One forward and one backward pass.
 */
final class Taylor {
  private Taylor() {}

  /**
   * The attributions of a batch.
   *
   * @return by the names of the places, arrays of the shapes there
   */
  static Map<String, NDArray> of(Network network, Batch batch) {
    NDArray own = batch.labels().oneHot(network.spec().classes(), DataType.FLOAT32);
    Map<String, NDArray> attributions = new LinkedHashMap<>();
    PlaceGradient.run(network, batch.x(), own, Pass.EVALUATION, batch.scope())
        .forEach(at -> attributions.put(at.place(), at.output().mul(at.gradient())));
    return attributions;
  }
}
