package io.neurograft.neural.network;

import io.neurograft.neural.config.ConfigNode;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** Expands a family of networks, such as vgg11, to plain levels (design: fusion, section 1). */
final class Families {
  private static final int MOST_UNITS = 1 << 20;
  private static final int MOST_BLOCKS = 1 << 8;
  private static final List<Integer> VGG11 = List.of(64, 128, 256, 256, 512, 512, 512, 512);

  /** Which of vgg11's convolutions are followed by a pool. */
  private static final List<Boolean> VGG11_POOLED =
      List.of(true, true, false, true, false, true, false, true);

  private Families() {}

  static List<List<LayerSpec>> levels(ConfigNode node) {
    int classes = (int) node.integer("classes", 1, MOST_UNITS);
    String family = node.text("family");
    return switch (family) {
      case "mlp" -> mlp(widths(node, List.of(256), false), classes);
      case "lenet5" -> lenet5(widths(node, List.of(6, 16, 120, 84), true), classes);
      case "vgg11" -> vgg11(widths(node, VGG11, true), node.flag("batchnorm", false), classes);
      case "resnet18" ->
          resnet(
              widths(node, List.of(64, 128, 256, 512), false),
              (int) node.integerOr("blocks", 1, MOST_BLOCKS, 2),
              node.flag("batchnorm", true),
              classes);
      case "vit" -> vit(node, classes);
      default -> {
        node.fault("family", "expected one of mlp, lenet5, vgg11, resnet18, vit, found " + family);
        yield List.of(List.of(new Flatten(), new Linear(classes)));
      }
    };
  }

  private static int number(ConfigNode node, String key, int byDefault) {
    return (int) node.integerOr(key, 1, MOST_UNITS, byDefault);
  }

  private static List<Integer> widths(ConfigNode node, List<Integer> byDefault, boolean exact) {
    if (!node.has("widths")) {
      return byDefault;
    }
    List<Integer> widths =
        node.items("widths").stream().map(i -> (int) i.integer(1, MOST_UNITS)).toList();
    if (widths.isEmpty()
        || widths.size() > MOST_BLOCKS
        || (exact && widths.size() != byDefault.size())) {
      node.fault(
          "widths",
          "expected " + (exact ? byDefault.size() + " widths" : "1 to " + MOST_BLOCKS + " widths"));
      return byDefault;
    }
    return widths;
  }

  private static List<List<LayerSpec>> mlp(List<Integer> widths, int classes) {
    List<List<LayerSpec>> levels = new ArrayList<>();
    LayerSpec first = new Flatten();
    for (int width : widths) {
      levels.add(List.of(first, new Linear(width)));
      first = new Relu();
    }
    levels.add(List.of(first, new Linear(classes)));
    return levels;
  }

  private static List<List<LayerSpec>> lenet5(List<Integer> widths, int classes) {
    return List.of(
        List.of(new Conv(widths.get(0), 5, 1, 2)),
        List.of(new Relu(), new MaxPool(2, 2), new Conv(widths.get(1), 5, 1, 0)),
        List.of(new Relu(), new MaxPool(2, 2), new Flatten(), new Linear(widths.get(2))),
        List.of(new Relu(), new Linear(widths.get(3))),
        List.of(new Relu(), new Linear(classes)));
  }

  private static List<List<LayerSpec>> vgg11(List<Integer> widths, boolean norm, int classes) {
    List<List<LayerSpec>> levels = new ArrayList<>();
    List<LayerSpec> activation = List.of();
    for (int i = 0; i < widths.size(); i++) {
      List<LayerSpec> level = new ArrayList<>(activation);
      level.add(new Conv(widths.get(i), 3, 1, 1));
      if (norm) {
        level.add(new BatchNorm());
      }
      levels.add(level);
      activation =
          VGG11_POOLED.get(i) ? List.of(new Relu(), new MaxPool(2, 2)) : List.of(new Relu());
    }
    List<LayerSpec> head = new ArrayList<>(activation);
    head.add(new Flatten());
    head.add(new Linear(classes));
    levels.add(head);
    return levels;
  }

  /** The CIFAR form: a 3x3 stem without pool; stages of basic blocks, each half the size. */
  private static List<List<LayerSpec>> resnet(
      List<Integer> widths, int blocks, boolean norm, int classes) {
    List<List<LayerSpec>> levels = new ArrayList<>();
    levels.add(conv(widths.get(0), 3, 1, norm));
    for (int stage = 0; stage < widths.size(); stage++) {
      for (int block = 0; block < blocks; block++) {
        int stride = stage > 0 && block == 0 ? 2 : 1;
        levels.add(List.of(new Relu(), basicBlock(widths.get(stage), stride, norm)));
      }
    }
    levels.add(List.of(new Relu(), new GlobalAvgPool(), new Flatten(), new Linear(classes)));
    return levels;
  }

  private static LayerSpec basicBlock(int width, int stride, boolean norm) {
    List<LayerSpec> body = new ArrayList<>(conv(width, 3, stride, norm));
    body.add(new Relu());
    body.addAll(conv(width, 3, 1, norm));
    return new Residual(body, stride == 1 ? List.of() : conv(width, 1, stride, norm));
  }

  /** A convolution that keeps the map's size, up to its stride. */
  private static List<LayerSpec> conv(int width, int kernel, int stride, boolean norm) {
    LayerSpec conv = new Conv(width, kernel, stride, kernel / 2);
    return norm ? List.of(conv, new BatchNorm()) : List.of(conv);
  }

  private static List<List<LayerSpec>> vit(ConfigNode node, int classes) {
    int width = number(node, "width", 384);
    int heads = number(node, "heads", 12);
    int hidden = number(node, "mlp", 384);
    int depth = (int) node.integerOr("depth", 1, MOST_BLOCKS, 7);
    if (width % heads != 0) {
      node.fault("heads", "expected a divisor of the width " + width + ", found " + heads);
    }
    List<LayerSpec> block =
        List.of(
            new Residual(
                List.of(new LayerNorm(), new Attention(heads, Math.max(1, width / heads))),
                List.of()),
            new Residual(
                List.of(new LayerNorm(), new Linear(hidden), new Gelu(), new Linear(width)),
                List.of()));
    List<LayerSpec> first = new ArrayList<>();
    first.add(new PatchEmbedding(width, number(node, "patch", 4)));
    first.add(new ClassToken());
    first.add(new PositionEmbedding());
    first.addAll(block);
    List<List<LayerSpec>> levels = new ArrayList<>();
    levels.add(first);
    levels.addAll(Collections.nCopies(depth - 1, block));
    levels.add(List.of(new LayerNorm(), new FirstToken(), new Linear(classes)));
    return levels;
  }
}
