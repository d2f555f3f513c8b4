package io.neurograft.neural.network;

import io.neurograft.neural.config.ConfigNode;
import java.util.ArrayList;
import java.util.List;

/** Expands a family of networks, such as vgg11, to plain levels (design: fusion, section 1). */
final class Families {
  private static final int MOST_UNITS = 1 << 20;
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
      default -> {
        node.fault("family", "expected one of mlp, lenet5, vgg11, found " + family);
        yield List.of(List.of(new Flatten(), new Linear(classes)));
      }
    };
  }

  private static List<Integer> widths(ConfigNode node, List<Integer> byDefault, boolean exact) {
    if (!node.has("widths")) {
      return byDefault;
    }
    List<Integer> widths =
        node.items("widths").stream().map(i -> (int) i.integer(1, MOST_UNITS)).toList();
    if (widths.isEmpty() || (exact && widths.size() != byDefault.size())) {
      node.fault(
          "widths", "expected " + (exact ? byDefault.size() + " widths" : "at least one width"));
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
}
