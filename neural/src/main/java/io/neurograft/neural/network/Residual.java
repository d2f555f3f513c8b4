package io.neurograft.neural.network;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Layers with a way around them: {@code y = body(x) + shortcut(x)}.
 *
 * @param body at least one layer
 * @param shortcut empty where the input itself is added
 */
public record Residual(List<LayerSpec> body, List<LayerSpec> shortcut) implements LayerSpec {
  /** What the names of the body's layers have in front of them. */
  public static final String BODY = "body";

  /** What the names of the shortcut's layers have in front of them. */
  public static final String SHORTCUT = "shortcut";

  public Residual {
    body = List.copyOf(body);
    shortcut = List.copyOf(shortcut);
    if (body.isEmpty()) {
      throw new IllegalArgumentException("expected a body of at least one layer");
    }
  }

  /** The layers of the body or of the shortcut, by its word. */
  List<LayerSpec> part(String word) {
    return word.equals(BODY) ? body : shortcut;
  }

  @Override
  public String word() {
    return "residual";
  }

  @Override
  public String toYaml() {
    return "{residual: {body: "
        + Layers.toYaml(body)
        + (shortcut.isEmpty() ? "" : ", shortcut: " + Layers.toYaml(shortcut))
        + "}}";
  }

  @Override
  public Shape output(Shape input) {
    Shape around = Layers.output(shortcut, input);
    Shape through = Layers.output(body, input);
    if (!through.equals(around)) {
      throw new IllegalArgumentException(
          "expected body and shortcut to give the same shape, found " + through + " and " + around);
    }
    return through;
  }

  @Override
  public Map<String, Shape> parameters(Shape input) {
    Map<String, Shape> shapes = new LinkedHashMap<>();
    Layers.parameters(body, input, BODY, shapes);
    Layers.parameters(shortcut, input, SHORTCUT, shapes);
    return shapes;
  }

  @Override
  public NDArray forward(NDArray x, LayerParameters parameters, Pass pass) {
    NDArray through = Layers.run(body, 0, body.size(), x, parameters.of(BODY), pass);
    NDArray around = Layers.run(shortcut, 0, shortcut.size(), x, parameters.of(SHORTCUT), pass);
    return through.add(around);
  }
}
