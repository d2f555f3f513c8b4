package io.neurograft.neural.network;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import java.util.Map;

/** Puts a token of its own, the same for every example, before the others: weight (E). */
public record ClassToken() implements LayerSpec {
  @Override
  public String word() {
    return "classtoken";
  }

  @Override
  public String toYaml() {
    return word();
  }

  @Override
  public Shape output(Shape input) {
    UnitAxis.requireTokens(input);
    return new Shape(input.get(0) + 1, input.get(1));
  }

  @Override
  public Map<String, Shape> parameters(Shape input) {
    return Map.of("weight", new Shape(input.get(1)));
  }

  @Override
  public NDArray forward(NDArray x, LayerParameters parameters, Pass pass) {
    Shape one = new Shape(x.getShape().get(0), 1, x.getShape().get(2));
    // Added to an array of the batch's scope: what a parameter begins stays in the network's.
    return x.getManager().zeros(one).add(parameters.get("weight")).concat(x, 1);
  }
}
