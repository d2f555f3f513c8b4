package io.neurograft.neural.network;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** Random small networks on images of 2 x 8 x 8 with three classes, and random weights for them. */
final class RandomNetworks {
  private static final InputSpec INPUT =
      new InputSpec(List.of(2, 8, 8), List.of(0.0, 0.0), List.of(1.0, 1.0));

  private final Random random;
  private final List<List<LayerSpec>> levels = new ArrayList<>();

  private RandomNetworks(Random random) {
    this.random = random;
  }

  /** Convolutions, then dense levels; norms, pools, dropouts and residuals where they fit. */
  static NetworkSpec image(Random random) {
    RandomNetworks make = new RandomNetworks(random);
    make.convolutions();
    make.dense();
    return new NetworkSpec(INPUT, make.levels);
  }

  /** Patches, then attention and dense maps around a stream of tokens. */
  static NetworkSpec tokens(Random random) {
    RandomNetworks make = new RandomNetworks(random);
    int width = 4 + random.nextInt(5); // a layernorm of fewer magnifies what rounding leaves
    List<LayerSpec> level = new ArrayList<>();
    if (random.nextBoolean()) {
      level.add(new Conv(make.units(), 3, 1, 1));
      level.add(new Relu());
    }
    level.add(new PatchEmbedding(width, random.nextBoolean() ? 2 : 4));
    level.add(new ClassToken());
    level.add(new PositionEmbedding());
    make.levels.add(level);
    for (int i = 0; i <= random.nextInt(3); i++) {
      make.levels.add(make.tokenBlock(width));
    }
    List<LayerSpec> head = make.sometimes(new LayerNorm());
    head.add(new FirstToken());
    head.addAll(make.sometimes(new BatchNorm()));
    head.add(new Linear(3));
    make.levels.add(head);
    return new NetworkSpec(INPUT, make.levels);
  }

  private void convolutions() {
    int side = 8;
    int width = units();
    int convolutions = random.nextInt(4);
    for (int i = 0; i < convolutions; i++) {
      List<LayerSpec> level = between(i);
      if (i > 0 && side >= 4 && random.nextBoolean()) {
        level.add(random.nextBoolean() ? new MaxPool(2, 2) : new AvgPool(2, 2));
        side /= 2;
      }
      if (i > 0 && random.nextInt(3) > 0) {
        boolean projected = random.nextBoolean();
        width = projected ? units() : width;
        int stride = projected && side >= 4 && random.nextBoolean() ? 2 : 1;
        side /= stride;
        level.add(convBlock(width, stride, projected));
      } else {
        width = units();
        level.add(new Conv(width, 3, 1, 1));
        level.addAll(sometimes(new BatchNorm()));
      }
      levels.add(level);
    }
  }

  private Residual convBlock(int width, int stride, boolean projected) {
    List<LayerSpec> body = sometimes(new BatchNorm());
    body.add(new Conv(units(), 3, stride, 1));
    body.addAll(sometimes(new BatchNorm()));
    body.add(new Relu());
    body.add(new Conv(width, 3, 1, 1));
    if (random.nextInt(4) == 0) {
      body.add(new Residual(List.of(new Relu(), new Conv(width, 3, 1, 1)), List.of()));
    }
    body.addAll(sometimes(new BatchNorm()));
    List<LayerSpec> shortcut =
        projected ? new ArrayList<>(List.of(new Conv(width, 1, stride, 0))) : new ArrayList<>();
    if (projected) {
      shortcut.addAll(sometimes(new BatchNorm()));
    }
    return new Residual(body, shortcut);
  }

  private void dense() {
    int hidden = random.nextInt(3);
    for (int i = 0; i < hidden; i++) {
      List<LayerSpec> level = between(levels.size());
      if (i == 0) {
        level.addAll(flatten());
      }
      int width = units();
      level.add(new Linear(width));
      level.addAll(sometimes(new BatchNorm()));
      if (random.nextInt(3) == 0) {
        List<LayerSpec> body = sometimes(new LayerNorm());
        body.addAll(List.of(new Relu(), new Linear(units()), new Gelu(), new Linear(width)));
        level.add(new Residual(body, List.of()));
      }
      levels.add(level);
    }
    List<LayerSpec> head = between(levels.size());
    if (hidden == 0) {
      head.addAll(flatten());
    }
    head.add(new Linear(3));
    levels.add(head);
  }

  /** Sometimes with a norm behind it, whose vectors have the stride of the flatten. */
  private List<LayerSpec> flatten() {
    List<LayerSpec> layers = new ArrayList<>();
    boolean global = !levels.isEmpty() && random.nextInt(3) == 0;
    if (global) {
      layers.add(new GlobalAvgPool());
    }
    layers.add(new Flatten());
    layers.addAll(sometimes(random.nextBoolean() ? new BatchNorm() : new LayerNorm()));
    return layers;
  }

  private List<LayerSpec> tokenBlock(int width) {
    List<LayerSpec> level = new ArrayList<>();
    List<LayerSpec> attention = sometimes(new LayerNorm());
    attention.add(new Attention(1 + random.nextInt(3), 1 + random.nextInt(3)));
    level.add(new Residual(attention, List.of()));
    List<LayerSpec> mlp = sometimes(new LayerNorm());
    mlp.addAll(List.of(new Linear(units()), new Gelu(), new Linear(width)));
    if (random.nextInt(3) == 0) {
      mlp.add(new Residual(List.of(new Attention(2, 2)), List.of()));
    }
    level.add(new Residual(mlp, List.of()));
    return level;
  }

  private List<LayerSpec> between(int level) {
    List<LayerSpec> layers = new ArrayList<>();
    if (level > 0) {
      layers.add(random.nextInt(4) == 0 ? new Gelu() : new Relu());
      if (random.nextInt(3) == 0) {
        layers.add(new Dropout(0.5));
      }
    }
    return layers;
  }

  private List<LayerSpec> sometimes(LayerSpec layer) {
    return new ArrayList<>(random.nextBoolean() ? List.of(layer) : List.of());
  }

  private int units() {
    return 1 + random.nextInt(6);
  }

  /** Weights about as large as fresh ones, norms as if they had been trained. */
  static Map<String, NDArray> weights(NetworkSpec spec, Random random, NDManager scope) {
    Map<String, NDArray> arrays = new LinkedHashMap<>();
    spec.parameters()
        .forEach(
            (name, shape) -> {
              NDArray normal = normal(shape, random, scope);
              double fan = Math.max(1, (double) shape.size() / shape.get(0));
              arrays.put(
                  name,
                  name.endsWith("running_var")
                      ? normal.abs().add(0.3f)
                      : normal.mul(1 / Math.sqrt(fan)));
            });
    return arrays;
  }

  static NDArray normal(Shape shape, Random random, NDManager scope) {
    float[] values = new float[(int) shape.size()];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) random.nextGaussian();
    }
    return scope.create(values, shape);
  }
}
