package io.neurograft.neural.network;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import java.util.Map;

/** Adds to each token what belongs to its position: weight (T x E). */
public record PositionEmbedding() implements LayerSpec {
  @Override
  public String word() {
    return "positionembedding";
  }

  @Override
  public String toYaml() {
    return word();
  }

  @Override
  public Shape output(Shape input) {
    UnitAxis.requireTokens(input);
    return input;
  }

  @Override
  public Map<String, Shape> parameters(Shape input) {
    return Map.of("weight", input);
  }

  @Override
  public NDArray forward(NDArray x, LayerParameters parameters, Pass pass) {
    return x.add(parameters.get("weight"));
  }
}
