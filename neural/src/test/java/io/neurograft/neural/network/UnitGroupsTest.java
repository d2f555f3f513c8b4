package io.neurograft.neural.network;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import io.neurograft.neural.tensor.Compute;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class UnitGroupsTest {
  private static final double TOLERANCE = 1e-5;

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

  /** Every coordinate of every parameter's unit axes belongs to one group, or to the input. */
  @Property(tries = 60, seed = "11")
  void of_randomNetwork_everyAxisBelongsToOneGroup(
      @ForAll @LongRange(min = 0, max = 1_000_000) long seed, @ForAll boolean tokens) {
    NetworkSpec spec = network(seed, tokens);
    Set<String> seen = new HashSet<>();
    for (UnitGroup group : spec.groups()) {
      for (Slice slice : group.slices()) {
        assertThat(spec.parameters())
            .hasEntrySatisfying(
                slice.parameter(),
                shape ->
                    assertThat(shape.get(slice.axis()))
                        .isEqualTo((long) group.units() * slice.stride()));
        assertThat(seen.add(slice.parameter() + slice.axis())).isTrue();
      }
    }
    spec.forEachLayer(
        (name, layer) -> {
          if (layer instanceof Linear || layer instanceof Conv) {
            assertThat(seen).contains(name + ".weight0", name + ".bias0");
          }
        });
    assertThat(spec.withUnits(spec.groups().stream().map(UnitGroup::units).toList()))
        .isEqualTo(spec);
  }

  @Property(tries = 60, seed = "11")
  void of_randomNetwork_permutingAGroupLeavesTheFunctionUnchanged(
      @ForAll @LongRange(min = 0, max = 1_000_000) long seed, @ForAll boolean tokens) {
    Compute.start(1);
    NetworkSpec spec = network(seed, tokens);
    Random random = new Random(seed);
    try (NDManager scope = Compute.newManager()) {
      NDArray x = RandomNetworks.normal(new Shape(4, 2, 8, 8), random, scope);
      Map<String, NDArray> arrays = RandomNetworks.weights(spec, random, scope);
      NDArray before = logits(spec, arrays, x, scope);
      for (UnitGroup group : hidden(spec)) {
        int[] order = order(group, random);
        NDArray after = logits(spec, UnitSelection.select(arrays, group, order), x, scope);
        assertThat(difference(after, before)).as(group.name()).isLessThan(TOLERANCE);
      }
    }
  }

  /**
   * A network without some units of a group computes what the whole one does when nothing reads
   * them. A layernorm reads every unit by its statistics, so that there the units that go have
   * statistics of their own.
   */
  @Property(tries = 60, seed = "11")
  void of_randomNetwork_pruningAGroupEqualsReadingNoneOfTheRest(
      @ForAll @LongRange(min = 0, max = 1_000_000) long seed, @ForAll boolean tokens) {
    Compute.start(1);
    NetworkSpec spec = network(seed, tokens);
    Random random = new Random(seed);
    try (NDManager scope = Compute.newManager()) {
      NDArray x = RandomNetworks.normal(new Shape(4, 2, 8, 8), random, scope);
      Map<String, NDArray> arrays = RandomNetworks.weights(spec, random, scope);
      for (UnitGroup group : hidden(spec)) {
        int keep = 1 + random.nextInt(group.units());
        int[] order = order(group, random);
        Map<String, NDArray> sorted = UnitSelection.select(arrays, group, order);
        int[] kept = IntStream.range(0, keep).toArray();
        NDArray pruned =
            logits(
                UnitSelection.pruned(spec, group, keep),
                UnitSelection.select(sorted, group, kept),
                x,
                scope);
        NDArray unread =
            logits(apart(spec, group, keep), UnitSelection.unread(sorted, group, keep), x, scope);
        assertThat(difference(pruned, unread)).as(group.name()).isLessThan(TOLERANCE);
      }
    }
  }

  /** Zero at a group's places is zero for whoever reads the group. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "family: mlp, widths: [6, 5]",
        "family: lenet5, widths: [3, 4, 6, 5]",
        "family: vgg11, widths: [2, 3, 4, 4, 5, 5, 5, 5], batchnorm: true",
        "family: resnet18, widths: [3, 4, 5, 6]",
        "family: vit, width: 6, heads: 3, mlp: 5, depth: 2"
      })
  void places_unitsZeroedThere_equalUnitsPruned(String family) {
    Compute.start(1);
    NetworkSpec spec = NetworkSpec.parse("{" + family + ", classes: 3, " + CIFAR + "}", "test");
    Random random = new Random(5);
    try (NDManager scope = Compute.newManager()) {
      NDArray x = RandomNetworks.normal(new Shape(2, 3, 32, 32), random, scope);
      Map<String, NDArray> arrays = RandomNetworks.weights(spec, random, scope);
      Network network = new Network(spec, Weights.of(spec, arrays, scope));
      for (UnitGroup group : hidden(spec)) {
        if (normalised(spec, group)) {
          continue; // its units are read by their statistics
        }
        int keep = 1 + random.nextInt(group.units() - 1);
        int[] kept = IntStream.range(0, keep).toArray();
        NDArray pruned =
            logits(
                UnitSelection.pruned(spec, group, keep),
                UnitSelection.select(arrays, group, kept),
                x,
                scope);
        Map<String, Place> places =
            group.places().stream().collect(Collectors.toMap(Place::layer, p -> p));
        Pass masking =
            Pass.EVALUATION.tapping(
                (name, output) ->
                    places.containsKey(name)
                        ? output.mul(
                            mask(output.getShape(), keep * places.get(name).stride(), scope))
                        : output);
        NDArray masked = network.forward(x, 0, spec.levelCount(), masking);
        assertThat(difference(masked, pruned)).as(group.name()).isLessThan(TOLERANCE);
      }
    }
  }

  private static final String CIFAR = "input: {shape: [3, 32, 32]}";

  /** Ones along the unit axis of a batch, then zeros. */
  private static NDArray mask(Shape batch, int ones, NDManager scope) {
    Shape example = batch.slice(1);
    long[] shape = new long[example.dimension()];
    java.util.Arrays.fill(shape, 1);
    int size = UnitAxis.size(example);
    shape[UnitAxis.of(example)] = size;
    return scope
        .arange(size)
        .lt(ones)
        .toType(ai.djl.ndarray.types.DataType.FLOAT32, false)
        .reshape(shape);
  }

  /** The first units of a group normalised apart from the others, wherever a layernorm reads it. */
  private static NetworkSpec apart(NetworkSpec spec, UnitGroup group, int first) {
    Map<String, Integer> strides =
        group.slices().stream()
            .collect(Collectors.toMap(s -> s.parameter() + s.axis(), Slice::stride));
    return spec.mapLayers(
        (name, layer) -> {
          int stride = strides.getOrDefault(name + ".weight0", 0);
          return layer instanceof LayerNorm && stride > 0 && first < group.units()
              ? new LayerNorm(List.of(first * stride, (group.units() - first) * stride))
              : layer;
        });
  }

  private static boolean normalised(NetworkSpec spec, UnitGroup group) {
    return !apart(spec, group, 1).equals(spec);
  }

  private static NetworkSpec network(long seed, boolean tokens) {
    Random random = new Random(seed);
    return tokens ? RandomNetworks.tokens(random) : RandomNetworks.image(random);
  }

  private static List<UnitGroup> hidden(NetworkSpec spec) {
    return spec.groups().subList(0, spec.groups().size() - 1);
  }

  private static int[] order(UnitGroup group, Random random) {
    List<Integer> order = new ArrayList<>();
    IntStream.range(0, group.units()).forEach(order::add);
    Collections.shuffle(order, random);
    return order.stream().mapToInt(Integer::intValue).toArray();
  }

  private static NDArray logits(
      NetworkSpec spec, Map<String, NDArray> arrays, NDArray x, NDManager scope) {
    return new Network(spec, Weights.of(spec, arrays, scope)).forward(x);
  }

  /** The largest difference, as a part of the largest value or of 1. */
  private static double difference(NDArray a, NDArray b) {
    return a.sub(b).abs().max().getFloat() / Math.max(1, b.abs().max().getFloat());
  }
}
