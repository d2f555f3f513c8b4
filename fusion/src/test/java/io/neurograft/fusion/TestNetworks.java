package io.neurograft.fusion;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import io.neurograft.neural.network.Network;
import io.neurograft.neural.network.NetworkSpec;
import io.neurograft.neural.network.Weights;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.List;
import java.util.Random;

/** Networks with random weights, and random inputs. */
public final class TestNetworks {
  private static final String IMAGE = "input: {shape: [1, 28, 28], mean: [0.2], std: [0.4]}";

  private TestNetworks() {}

  /** A multilayer perceptron on 28 x 28 images with 10 classes. */
  public static NetworkSpec mlp(Integer... widths) {
    return family("family: mlp, widths: " + List.of(widths));
  }

  /** LeNet-5 on 28 x 28 images with 10 classes. */
  public static NetworkSpec lenet5(Integer... widths) {
    return family("family: lenet5, widths: " + List.of(widths));
  }

  /** A slim VGG11 on 32 x 32 images with 10 classes. */
  public static NetworkSpec vgg11(boolean batchNorm, int scale) {
    String widths =
        "[%d, %d, %d, %d, %d, %d, %d, %d]"
            .formatted(
                scale, 2 * scale, 3 * scale, 3 * scale, 4 * scale, 4 * scale, 4 * scale, 4 * scale);
    return NetworkSpec.parse(
        "{family: vgg11, widths: %s, batchnorm: %s, classes: 10, input: {shape: [3, 32, 32]}}"
            .formatted(widths, batchNorm),
        "test");
  }

  /** A slim ResNet18 on 32 x 32 images with 10 classes. */
  public static NetworkSpec resnet18(boolean batchNorm, int scale) {
    return NetworkSpec.parse(
        "{family: resnet18, widths: [%d, %d, %d, %d], batchnorm: %s, classes: 10, input: {shape: [3, 32, 32]}}"
            .formatted(scale, 2 * scale, 3 * scale, 4 * scale, batchNorm),
        "test");
  }

  /** A slim transformer of two blocks on 16 x 16 images with 10 classes. */
  public static NetworkSpec vit(int width, int heads, int hidden) {
    return NetworkSpec.parse(
        "{family: vit, width: %d, heads: %d, mlp: %d, depth: 2, classes: 10, input: {shape: [3, 16, 16]}}"
            .formatted(width, heads, hidden),
        "test");
  }

  private static NetworkSpec family(String family) {
    return NetworkSpec.parse("{" + family + ", classes: 10, " + IMAGE + "}", "test");
  }

  /** Fresh weights, and what norms might have become in training. */
  public static Network random(NetworkSpec spec, long seed, NDManager scope) {
    Weights weights = Weights.initialise(spec, seed, scope);
    Random random = new Random(seed);
    weights
        .all()
        .forEach(
            (name, array) -> {
              boolean norm = weights.get(beside(name, "weight")).getShape().dimension() == 1;
              FloatBuffer values =
                  array.toByteBuffer(true).order(ByteOrder.nativeOrder()).asFloatBuffer();
              for (int i = 0; norm && i < values.capacity(); i++) {
                boolean positive = name.endsWith("running_var") || name.endsWith("weight");
                double value = 0.3 * random.nextGaussian();
                values.put(i, (float) (positive ? 0.2 + Math.abs(value) : value));
              }
            });
    return new Network(spec, weights);
  }

  private static String beside(String name, String other) {
    return name.substring(0, name.lastIndexOf('.') + 1) + other;
  }

  /** Normal variates as a batch of inputs. */
  public static NDArray inputs(NetworkSpec spec, int batch, long seed, NDManager scope) {
    Random random = new Random(seed);
    float[] values = new float[batch * spec.input().size()];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) random.nextGaussian();
    }
    return scope.create(values, new Shape(batch).addAll(spec.input().toShape()));
  }

  /** The largest difference between two arrays, as a part of the second's largest entry. */
  public static double difference(NDArray a, NDArray b) {
    return a.sub(b).abs().max().getFloat() / (1e-12 + b.abs().max().getFloat());
  }
}
