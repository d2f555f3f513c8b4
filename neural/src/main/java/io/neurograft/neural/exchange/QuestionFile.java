package io.neurograft.neural.exchange;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.Shape;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.neurograft.neural.collection.ClassWeights;
import io.neurograft.neural.collection.Clusters;
import io.neurograft.neural.collection.MomentShapes;
import io.neurograft.neural.config.Config;
import io.neurograft.neural.config.ConfigNode;
import io.neurograft.neural.config.InvalidInputException;
import io.neurograft.neural.moments.FitStep;
import io.neurograft.neural.network.Weights;
import io.neurograft.neural.safetensors.ElementType;
import io.neurograft.neural.safetensors.SafetensorsFile;
import io.neurograft.neural.safetensors.SafetensorsWriter;
import io.neurograft.neural.safetensors.TensorEntry;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * A question as a safetensors file: the cluster matrix, and those parameters of the fused network
 * that were fitted since the question before. A site that reads all questions in their order has
 * the fused network as far as it is fitted.
 */
public final class QuestionFile implements AutoCloseable {
  private static final String TEXT = "question";
  private static final String WEIGHTS = "class-weights";
  private static final String UNITS = "clusters.unit";
  private static final String SHARES = "clusters.share";

  private final SafetensorsFile file;
  private final Question question;

  private QuestionFile(SafetensorsFile file, Question question) {
    this.file = file;
    this.question = question;
  }

  /**
   * Writes a question.
   *
   * @param fused the fused network as it is now
   * @param fitted which of its parameters go along, by name
   * @throws java.io.UncheckedIOException if the file cannot be written
   */
  public static void write(Path path, Question question, Weights fused, Predicate<String> fitted) {
    SafetensorsWriter writer = new SafetensorsWriter();
    question.clusters().ifPresent(clusters -> add(writer, clusters));
    fused
        .all()
        .forEach(
            (name, array) -> {
              if (fitted.test(name)) {
                writer.add(name, extents(array.getShape()), () -> array.toByteBuffer(true));
              }
            });
    writer.write(path, Map.of(TEXT, text(question)));
  }

  private static void add(SafetensorsWriter writer, Clusters clusters) {
    List<Long> shape = List.of((long) clusters.units());
    ByteBuffer units = bytes(clusters.units());
    ByteBuffer shares = bytes(clusters.units());
    for (int unit = 0; unit < clusters.units(); unit++) {
      units.putLong(clusters.clusterOf(unit));
      shares.putDouble(clusters.share(unit));
    }
    writer.add(UNITS, ElementType.I64, shape, target -> target.accept(units.flip()));
    writer.add(SHARES, ElementType.F64, shape, target -> target.accept(shares.flip()));
  }

  private static ByteBuffer bytes(int numbers) {
    return ByteBuffer.allocate(8 * numbers).order(ByteOrder.LITTLE_ENDIAN);
  }

  private static String text(Question question) {
    ObjectNode root = JsonNodeFactory.instance.objectNode();
    root.put("kind", ConfigNode.word(question.kind())).put("step", question.step());
    question.plan().write(root.putObject("plan"));
    question.masking().ifPresent(masking -> masking.write(root.putObject("masked")));
    if (!question.weights().equals(ClassWeights.NONE)) {
      question.weights().weights().forEach(root.putArray(WEIGHTS)::add);
    }
    return root.toString();
  }

  /**
   * Opens a question.
   *
   * @param shapes of the fusion's moments
   * @throws InvalidInputException if it is no question, or not one about these networks
   */
  public static QuestionFile open(Path path, MomentShapes shapes) {
    SafetensorsFile file = SafetensorsFile.open(path);
    try {
      String text = file.metadata().get(TEXT);
      if (text == null) {
        throw new InvalidInputException(path.toString(), "no question: it has no text");
      }
      return new QuestionFile(
          file, Config.parse(text, path.toString(), n -> read(n, file, shapes)));
    } catch (RuntimeException e) {
      file.close();
      throw e;
    }
  }

  private static Question read(ConfigNode node, SafetensorsFile file, MomentShapes shapes) {
    Question.Kind kind = node.choice("kind", Question.Kind.class, Question.Kind.GRAMS);
    boolean grams = kind == Question.Kind.GRAMS;
    int steps = shapes.steps().size();
    int step = (int) node.integer("step", grams ? -1 : 0, grams ? -1 : steps - 1);
    if (kind == Question.Kind.HEAD && step != steps - 1) {
      node.fault("step", "expected the last step for the head, found " + step);
    }
    if (kind == Question.Kind.REFINEMENT && !shapes.steps().get(step).rectified()) {
      node.fault("step", "expected one in front of a rectifier, found " + step);
    }
    Plan plan = Plan.from(node.requiredSection("plan"));
    Optional<Masking> masking = node.section("masked").map(Masking::from);
    Optional<Clusters> clusters =
        grams ? Optional.empty() : Optional.of(clusters(file, shapes, step));
    return new Question(kind, step, clusters, plan, masking, weights(node, kind, shapes));
  }

  private static ClassWeights weights(ConfigNode node, Question.Kind kind, MomentShapes shapes) {
    List<Double> weights =
        node.items(WEIGHTS).stream().map(weight -> weight.decimal(0, Double.MAX_VALUE)).toList();
    int expected = kind == Question.Kind.HEAD ? shapes.classes() : 0;
    if (!weights.isEmpty() && weights.size() != expected) {
      node.fault(WEIGHTS, "expected " + expected + " weights, found " + weights.size());
      return ClassWeights.NONE;
    }
    return new ClassWeights(weights);
  }

  private static Clusters clusters(SafetensorsFile file, MomentShapes shapes, int step) {
    FitStep at = shapes.steps().get(step);
    int units = shapes.units(at);
    List<Long> shape = List.of((long) units);
    require(file, UNITS, ElementType.I64, shape);
    require(file, SHARES, ElementType.F64, shape);
    long[] cluster = new long[units];
    double[] share = new double[units];
    file.stream(UNITS).get(cluster, 0, units);
    file.stream(SHARES).get(share, 0, units);
    int[] narrow =
        Arrays.stream(cluster).mapToInt(k -> (int) Math.max(-2, Math.min(k, units))).toArray();
    try {
      return Clusters.of(narrow, share, shapes.fusedUnits(at));
    } catch (IllegalArgumentException e) {
      throw new InvalidInputException(file.path().toString(), "clusters: " + e.getMessage());
    }
  }

  private static void require(
      SafetensorsFile file, String name, ElementType type, List<Long> shape) {
    TensorEntry entry = file.tensors().get(name);
    if (entry == null || entry.type() != type || !entry.shape().equals(shape)) {
      String found = entry == null ? "none" : entry.type() + " " + entry.shape();
      throw new InvalidInputException(
          file.path().toString(),
          "tensor %s: expected %s %s, found %s".formatted(name, type, shape, found));
    }
  }

  /** What is asked. */
  public Question question() {
    return question;
  }

  /** Whether it brings a parameter that a condition holds for, by its name. */
  boolean brings(Predicate<String> parameter) {
    return file.tensors().keySet().stream().anyMatch(parameter);
  }

  /**
   * Brings the fused network up to the question.
   *
   * @throws InvalidInputException if a tensor is no parameter of it, or has another shape
   */
  public void fit(Weights fused) {
    for (var entry : file.tensors().entrySet()) {
      String name = entry.getKey();
      if (name.equals(UNITS) || name.equals(SHARES)) {
        continue;
      }
      NDArray parameter = fused.all().get(name);
      if (parameter == null) {
        throw new InvalidInputException(
            file.path().toString(), "tensor " + name + ": the fused network has none of that name");
      }
      require(file, name, ElementType.F32, extents(parameter.getShape()));
      float[] values = new float[Math.toIntExact(entry.getValue().elements())];
      file.read(name, FloatBuffer.wrap(values));
      try (NDArray fitted = parameter.getManager().create(values, parameter.getShape())) {
        parameter.set(new NDIndex("..."), fitted);
      }
    }
  }

  private static List<Long> extents(Shape shape) {
    return Arrays.stream(shape.getShape()).boxed().toList();
  }

  @Override
  public void close() {
    file.close();
  }
}
