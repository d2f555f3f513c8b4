package io.neurograft.fusion.interpolate;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import io.neurograft.fusion.TestNetworks;
import io.neurograft.neural.collection.Clusters;
import io.neurograft.neural.moments.AffineMap;
import io.neurograft.neural.moments.FitStep;
import io.neurograft.neural.moments.FitSteps;
import io.neurograft.neural.network.BatchNorm;
import io.neurograft.neural.network.Network;
import io.neurograft.neural.network.NetworkSpec;
import io.neurograft.neural.network.UnitGroup;
import io.neurograft.neural.network.Weights;
import io.neurograft.neural.tensor.Compute;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class MovedWeightsTest {
  private NDManager scope;

  @BeforeEach
  void open() {
    Compute.start(1);
    scope = Compute.newManager();
  }

  @AfterEach
  void close() {
    scope.close();
  }

  static Stream<NetworkSpec> architectures() {
    return Stream.of(
        TestNetworks.mlp(12, 9),
        TestNetworks.lenet5(4, 6, 14, 12),
        TestNetworks.vgg11(true, 3),
        TestNetworks.resnet18(true, 3),
        TestNetworks.vit(8, 2, 6));
  }

  /** Units that are gone are read from those that act like them: nothing changes. */
  @ParameterizedTest
  @MethodSource("architectures")
  void write_unitsReadWhatActsAlike_areTheirMembersWeights(NetworkSpec spec) {
    Network first = TestNetworks.random(spec, 1, scope);
    Network other = TestNetworks.random(spec, 2, scope);
    MovedWeights moved = new MovedWeights(List.of(first, other), scope);
    List<FitStep> steps = FitSteps.of(spec);
    for (UnitGroup group : spec.groups().subList(0, spec.groups().size() - 1)) {
      moved.add(part(group.units(), group.units()), twice(group.units()));
    }
    Weights fused = Weights.initialise(spec, 3, scope);
    for (FitStep step : steps.subList(1, steps.size())) {
      moved.write(step, part(0, spec.groups().get(step.group()).units()), fused);
      for (AffineMap map : step.maps()) {
        NDArray expected = first.weights().get(map.name() + ".weight");
        if (map.norm().isPresent()) {
          NDArray scale = scale(first.weights(), map.norm().get());
          expected = expected.transpose().mul(scale).transpose();
        }
        NDArray found = fused.get(map.name() + ".weight");
        assertThat(TestNetworks.difference(found, expected)).as(map.name()).isLessThan(1e-4);
      }
    }
  }

  private static NDArray scale(Weights weights, String norm) {
    NDArray variance = weights.get(norm + ".running_var");
    return weights.get(norm + ".weight").div(variance.add(BatchNorm.EPSILON).sqrt());
  }

  /** Of two members' units, those of one, from the given on. */
  private static Clusters part(int from, int units) {
    return Clusters.singletons(IntStream.range(from, from + units).toArray(), 2 * units);
  }

  /** The Gram matrix of independent units, each there twice. */
  private NDArray twice(int units) {
    NDArray eye = scope.eye(units).toType(DataType.FLOAT64, false);
    NDArray wide = eye.concat(eye, 1);
    NDArray gram = wide.concat(wide, 0);
    assertThat(gram.getShape()).isEqualTo(new Shape(2L * units, 2L * units));
    return gram;
  }
}
