package io.neurograft.neural.network;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.core.Linear;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Self-attention with several heads. Every head turns each token into a query, a key and a value
 * (heads * dim x E, biases), gives {@code softmax(q k' / sqrt(dim)) v}, and all heads together are
 * mapped back to tokens (E x heads * dim, bias).
 *
 * @param heads how many
 * @param dim the coordinates of a head's query, key and value
 */
public record Attention(int heads, int dim) implements LayerSpec {
  /** The name, behind the layer's, of what the heads give before they are mapped back. */
  public static final String HEADS = "heads";

  /** The maps that make what a head works on. */
  public static final List<String> READERS = List.of("query", "key", "value");

  @Override
  public String word() {
    return "attention";
  }

  @Override
  public String toYaml() {
    return "{attention: {heads: " + heads + ", dim: " + dim + "}}";
  }

  @Override
  public Shape output(Shape input) {
    UnitAxis.requireTokens(input);
    return input;
  }

  @Override
  public Map<String, Shape> parameters(Shape input) {
    long tokens = UnitAxis.size(input);
    long inner = (long) heads * dim;
    Map<String, Shape> shapes = new LinkedHashMap<>();
    for (String reader : READERS) {
      shapes.put(reader + ".weight", new Shape(inner, tokens));
      shapes.put(reader + ".bias", new Shape(inner));
    }
    shapes.put("out.weight", new Shape(tokens, inner));
    shapes.put("out.bias", new Shape(tokens));
    return shapes;
  }

  @Override
  public long working(Shape input) {
    return heads * input.get(0) * input.get(0);
  }

  @Override
  public boolean affine() {
    return true;
  }

  @Override
  public NDArray forward(NDArray x, LayerParameters parameters, Pass pass) {
    String heads = Layers.name(parameters.layer(), HEADS);
    return out(pass.tap(heads, heads(x, parameters, pass)), parameters);
  }

  /**
   * What the heads give. Queries, keys and values go through the pass's tap, too, under the names
   * of their maps.
   *
   * @param x (B x T x E)
   * @return (B x T x heads * dim), a head's coordinates side by side
   */
  public NDArray heads(NDArray x, LayerParameters parameters, Pass pass) {
    NDArray q = split(x, parameters.of("query"), pass).mul(1 / Math.sqrt(dim));
    NDArray k = split(x, parameters.of("key"), pass);
    NDArray v = split(x, parameters.of("value"), pass);
    NDArray weights = q.matMul(k.transpose(0, 1, 3, 2)).softmax(-1); // (B x heads x T x T)
    Shape shape = x.getShape();
    return weights.matMul(v).transpose(0, 2, 1, 3).reshape(shape.get(0), shape.get(1), -1);
  }

  /**
   * Maps back what the heads gave.
   *
   * @param heads (B x T x heads * dim)
   * @return (B x T x E)
   */
  public NDArray out(NDArray heads, LayerParameters parameters) {
    return linear(heads, parameters.of("out"));
  }

  /** (B x T x E) to (B x heads x T x dim). */
  private NDArray split(NDArray x, LayerParameters map, Pass pass) {
    Shape shape = x.getShape();
    return pass.tap(map.layer(), linear(x, map))
        .reshape(shape.get(0), shape.get(1), heads, dim)
        .transpose(0, 2, 1, 3);
  }

  private static NDArray linear(NDArray x, LayerParameters map) {
    return Linear.linear(x, map.get("weight"), map.get("bias")).singletonOrThrow();
  }
}
