package io.neurograft.neural.network;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import io.neurograft.neural.tensor.Compute;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.api.Test;

class UnitGroupsTest {

  @Test
  void of_lenet5_flattenGivesTheConsumerAStride() {
    NetworkSpec spec =
        NetworkSpec.parse("{family: lenet5, classes: 10, input: {shape: [1, 28, 28]}}", "test");

    List<UnitGroup> groups = UnitGroups.of(spec);

    assertThat(groups).extracting(UnitGroup::units).containsExactly(6, 16, 120, 84, 10);
    assertThat(groups.get(1).slices())
        .containsExactly(
            new Slice("levels.1.2.weight", 0, 1, Slice.Part.INCOMING),
            new Slice("levels.1.2.bias", 0, 1, Slice.Part.OFFSET),
            new Slice("levels.2.3.weight", 1, 25, Slice.Part.OUTGOING));
  }

  @Test
  void of_batchNorm_itsVectorsBelongToTheGroup() {
    NetworkSpec spec =
        NetworkSpec.parse(
            "{family: vgg11, batchnorm: true, classes: 10, input: {shape: [3, 32, 32]}}", "test");

    assertThat(UnitGroups.of(spec).get(0).slices())
        .contains(
            new Slice("levels.0.1.weight", 0, 1, Slice.Part.SCALE),
            new Slice("levels.0.1.running_var", 0, 1, Slice.Part.OFFSET))
        .hasSize(7);
  }

  @Property(tries = 40)
  void of_randomChain_permutingAGroupLeavesTheFunctionUnchanged(
      @ForAll @LongRange(min = 0, max = 1_000_000) long seed) {
    Compute.start(1);
    Random random = new Random(seed);
    NetworkSpec spec = chain(random);
    try (NDManager scope = Compute.newManager()) {
      NDArray x = normal(new Shape(4, 2, 8, 8), random, scope);
      Map<String, NDArray> arrays = new LinkedHashMap<>();
      spec.parameters()
          .forEach(
              (name, shape) -> {
                NDArray array = normal(shape, random, scope);
                arrays.put(name, name.endsWith("running_var") ? array.abs().add(0.1f) : array);
              });
      NDArray before = logits(spec, arrays, x, scope);

      for (UnitGroup group : UnitGroups.of(spec).subList(0, spec.levelCount() - 1)) {
        List<Integer> order = new ArrayList<>();
        for (int unit = 0; unit < group.units(); unit++) {
          order.add(unit);
        }
        Collections.shuffle(order, random);
        group
            .slices()
            .forEach(
                s -> arrays.computeIfPresent(s.parameter(), (n, a) -> permute(a, s, order, scope)));
      }

      NDArray after = logits(spec, arrays, x, scope);
      double scale = 1e-6 + before.abs().max().getFloat();
      assertThat(after.sub(before).abs().max().getFloat() / scale).isLessThan(1e-4);
    }
  }

  private static NDArray logits(
      NetworkSpec spec, Map<String, NDArray> arrays, NDArray x, NDManager scope) {
    return new Network(spec, Weights.of(spec, arrays, scope)).forward(x);
  }

  private static NDArray permute(NDArray array, Slice slice, List<Integer> order, NDManager scope) {
    Shape shape = array.getShape();
    int outer = slice.axis() == 0 ? 1 : (int) shape.get(0);
    int unit = (int) (shape.size() / outer / order.size());
    float[] from = array.toFloatArray();
    float[] to = new float[from.length];
    for (int o = 0; o < outer; o++) {
      for (int u = 0; u < order.size(); u++) {
        int base = o * order.size();
        System.arraycopy(from, (base + order.get(u)) * unit, to, (base + u) * unit, unit);
      }
    }
    return scope.create(to, shape);
  }

  /** Convolutions, then dense levels; norms, pools and dropouts anywhere they fit. */
  private static NetworkSpec chain(Random random) {
    List<List<LayerSpec>> levels = new ArrayList<>();
    int convolutions = random.nextInt(3);
    int side = 8;
    for (int i = 0; i < convolutions; i++) {
      List<LayerSpec> level = between(i, random);
      if (i > 0 && side >= 4 && random.nextBoolean()) {
        level.add(random.nextBoolean() ? new MaxPool(2, 2) : new AvgPool(2, 2));
        side /= 2;
      }
      level.add(new Conv(1 + random.nextInt(6), 3, 1, 1));
      levels.add(ending(level, random));
    }
    int dense = 1 + random.nextInt(3);
    for (int i = 0; i < dense; i++) {
      List<LayerSpec> level = between(convolutions + i, random);
      if (i == 0) {
        level.add(new Flatten());
        if (random.nextBoolean()) {
          level.add(new BatchNorm()); // with the stride of the flatten
        }
      }
      boolean head = i == dense - 1;
      level.add(new Linear(head ? 3 : 1 + random.nextInt(7)));
      levels.add(head ? level : ending(level, random));
    }
    return new NetworkSpec(
        new InputSpec(List.of(2, 8, 8), List.of(0.0, 0.0), List.of(1.0, 1.0)), levels);
  }

  private static List<LayerSpec> between(int level, Random random) {
    List<LayerSpec> layers = new ArrayList<>();
    if (level > 0) {
      layers.add(new Relu());
      if (random.nextInt(3) == 0) {
        layers.add(new Dropout(0.5));
      }
    }
    return layers;
  }

  private static List<LayerSpec> ending(List<LayerSpec> level, Random random) {
    if (random.nextBoolean()) {
      level.add(new BatchNorm());
    }
    return level;
  }

  private static NDArray normal(Shape shape, Random random, NDManager scope) {
    float[] values = new float[(int) shape.size()];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) random.nextGaussian();
    }
    return scope.create(values, shape);
  }
}
