package io.neurograft.neural.network;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import io.neurograft.neural.config.Fault;
import io.neurograft.neural.config.InvalidInputException;
import io.neurograft.neural.safetensors.SafetensorsFile;
import io.neurograft.neural.safetensors.SafetensorsWriter;
import io.neurograft.neural.tensor.HostArrays;
import java.nio.FloatBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The parameters of a network by name: single precision arrays in a scope of their own, which
 * {@link #close} frees. On disk they are a safetensors file whose names are those of a PyTorch
 * {@code ModuleList} of {@code Sequential}s.
 */
public final class Weights implements AutoCloseable {
  /** What PyTorch counts beside a BatchNorm; written as 0, skipped when read. */
  static final String COUNTER = "num_batches_tracked";

  private final NetworkSpec spec;
  private final NDManager scope;
  private final Map<String, NDArray> arrays;

  private Weights(NetworkSpec spec, NDManager scope, Map<String, NDArray> arrays) {
    this.spec = spec;
    this.scope = scope;
    this.arrays = Collections.unmodifiableMap(arrays);
  }

  /**
   * Fresh weights, as PyTorch draws them: uniform within {@code 1 / sqrt(inputs)} for a weight and
   * its bias; BatchNorm starts as the identity. The same seed gives the same bits.
   */
  public static Weights initialise(NetworkSpec spec, long seed, NDManager parent) {
    return fill(spec, parent, new Initialiser(spec, seed)::fill);
  }

  /**
   * Reads weights from a safetensors file, whatever numbers it holds them in ({@link
   * WeightEncoding}).
   *
   * @throws InvalidInputException if the file is missing, foreign or truncated, if it does not
   *     match the network (naming every tensor and both shapes), or if a value is NaN or infinite
   */
  public static Weights read(Path file, NetworkSpec spec, NDManager parent) {
    try (SafetensorsFile tensors = SafetensorsFile.open(file)) {
      requireMatch(tensors, spec);
      return fill(spec, parent, tensors::read);
    }
  }

  /**
   * Checks that a file can be read as {@link #read} does it, without the engine and with a bounded
   * buffer.
   *
   * @throws InvalidInputException in the same cases, in the same words
   */
  public static void check(Path file, NetworkSpec spec) {
    try (SafetensorsFile tensors = SafetensorsFile.open(file)) {
      requireMatch(tensors, spec);
      spec.parameters().keySet().forEach(tensors::check);
    }
  }

  /**
   * Weights from arrays, which are copied.
   *
   * @throws IllegalArgumentException if names or shapes are not those of the network
   */
  public static Weights of(NetworkSpec spec, Map<String, NDArray> arrays, NDManager parent) {
    NDManager scope = parent.newSubManager();
    Map<String, NDArray> copies = new LinkedHashMap<>();
    spec.parameters()
        .forEach(
            (name, shape) -> {
              NDArray array = arrays.get(name);
              if (array == null || !array.getShape().equals(shape)) {
                throw new IllegalArgumentException(name + ": expected " + shape);
              }
              // toType is no copy where the type is right already, whatever its flag says.
              NDArray copy =
                  array.getDataType() == DataType.FLOAT32
                      ? array.duplicate()
                      : array.toType(DataType.FLOAT32, false);
              copy.attach(scope);
              copies.put(name, copy);
            });
    return new Weights(spec, scope, copies);
  }

  /** A copy in another scope. */
  public Weights copy(NDManager parent) {
    return of(spec, arrays, parent);
  }

  /**
   * A copy in double precision, for computations whose order must not matter; it is not written.
   */
  public Weights doubled(NDManager parent) {
    NDManager own = parent.newSubManager();
    Map<String, NDArray> copies = new LinkedHashMap<>();
    arrays.forEach(
        (name, array) -> {
          NDArray copy = array.toType(DataType.FLOAT64, true);
          copy.attach(own);
          copies.put(name, copy);
        });
    return new Weights(spec, own, copies);
  }

  /** The network these weights are for. */
  public NetworkSpec spec() {
    return spec;
  }

  /** The scope that holds the arrays. */
  public NDManager scope() {
    return scope;
  }

  /** All arrays by name, in order. */
  public Map<String, NDArray> all() {
    return arrays;
  }

  /**
   * One array.
   *
   * @throws IllegalArgumentException if there is none of that name
   */
  public NDArray get(String name) {
    NDArray array = arrays.get(name);
    if (array == null) {
      throw new IllegalArgumentException("no parameter " + name);
    }
    return array;
  }

  /** Whether a parameter is trained; running statistics are not. */
  public static boolean trained(String name) {
    return !name.endsWith(".running_mean") && !name.endsWith(".running_var");
  }

  /**
   * Writes a safetensors file, all or nothing. The same weights and metadata give the same bytes.
   *
   * @param metadata texts to carry along, such as the network and where the weights come from
   * @throws java.io.UncheckedIOException if it cannot be written
   */
  public void write(Path file, Map<String, String> metadata) {
    SafetensorsWriter writer = new SafetensorsWriter();
    arrays.forEach(
        (name, array) -> {
          writer.add(name, extents(array.getShape()), () -> array.toByteBuffer(true));
          if (name.endsWith(".running_var")) {
            writer.add(name.replace("running_var", COUNTER), 0);
          }
        });
    writer.write(file, metadata);
  }

  @Override
  public void close() {
    scope.close();
  }

  private static List<Long> extents(Shape shape) {
    return Arrays.stream(shape.getShape()).boxed().toList();
  }

  private interface Filler {
    void fill(String name, FloatBuffer target);
  }

  private static Weights fill(NetworkSpec spec, NDManager parent, Filler filler) {
    NDManager scope = parent.newSubManager();
    try {
      Map<String, NDArray> arrays = new LinkedHashMap<>();
      spec.parameters()
          .forEach(
              (name, shape) -> {
                arrays.put(
                    name, HostArrays.fill(scope, shape, values -> filler.fill(name, values)));
              });
      return new Weights(spec, scope, arrays);
    } catch (RuntimeException e) {
      scope.close();
      throw e;
    }
  }

  private static void requireMatch(SafetensorsFile file, NetworkSpec spec) {
    List<Fault> faults = new ArrayList<>();
    Map<String, Shape> expected = spec.parameters();
    expected.forEach(
        (name, shape) -> {
          var found = file.tensors().get(name);
          if (found == null) {
            faults.add(
                new Fault("tensor " + name, "is missing; the network has it as " + extents(shape)));
          } else if (!extents(shape).equals(found.shape())) {
            faults.add(
                new Fault(
                    "tensor " + name,
                    "has shape " + found.shape() + ", the network expects " + extents(shape)));
          }
        });
    for (String name : file.tensors().keySet()) {
      if (!expected.containsKey(name) && !name.endsWith(COUNTER) && !file.isScale(name)) {
        faults.add(new Fault("tensor " + name, "is not part of the network"));
      }
    }
    if (!faults.isEmpty()) {
      throw new InvalidInputException(file.path().toString(), faults);
    }
  }
}
