package io.neurograft.neural.moments;

import ai.djl.ndarray.types.Shape;
import io.neurograft.neural.network.ClassToken;
import io.neurograft.neural.network.LayerSpec;
import io.neurograft.neural.network.PositionEmbedding;
import io.neurograft.neural.network.Relu;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * One step of fitting a network in the order of its run: the maps that make the units of a group at
 * a place, all else before them being fitted.
 *
 * @param index the step's number, from 0
 * @param level the level it lies in
 * @param place the name of the place whose pre-activations it makes
 * @param group the index of the unit group there
 * @param stride the coordinates of a unit along the unit axis
 * @param activation what comes between the place and the next affine map, if it acts unit by unit
 * @param kind how the maps make the place's value
 * @param before what leads from the values of the steps before to the maps' inputs
 * @param maps one for a layer, two for a residual whose shortcut has one, three for heads
 * @param skip the value that a residual adds to its body as it is
 * @param own the maps and what follows them up to the place
 * @param output the shape of the place's value for one example
 */
public record FitStep(
    int index,
    int level,
    String place,
    int group,
    int stride,
    Optional<Activation> activation,
    Kind kind,
    List<Operation> before,
    List<AffineMap> maps,
    OptionalInt skip,
    List<Operation> own,
    Shape output) {

  /**
   * What comes between a place and the next affine map.
   *
   * @param layer a rectifier or gelu
   * @param averaged whether values are averaged over positions before it
   */
  public record Activation(LayerSpec layer, boolean averaged) {}

  /** How the maps of a step make its value. */
  public enum Kind {
    /** Their outputs add up, together with the skip: a layer, or the end of a residual. */
    SUM,
    /** Patches become tokens; a class token and position embeddings are fitted along. */
    EMBEDDING,
    /** Queries, keys and values side by side, of which attention makes the heads. */
    HEADS
  }

  public FitStep {
    before = List.copyOf(before);
    maps = List.copyOf(maps);
    own = List.copyOf(own);
  }

  /** The values that the step reads: its maps' inputs, then the skip. */
  public List<Integer> reads() {
    return IntStream.concat(maps.stream().mapToInt(AffineMap::input), skip.stream())
        .distinct()
        .boxed()
        .toList();
  }

  /**
   * The names of the outputs whose rows, side by side, a member gives as targets: the place; for
   * heads their queries, keys and values.
   */
  public List<String> targets() {
    return kind == Kind.HEADS ? maps.stream().map(AffineMap::name).toList() : List.of(place);
  }

  /**
   * How many of an embedding's positions, from the first on, have a bias of their own: all where
   * positions are embedded, otherwise a class token. 0 for other kinds.
   */
  public int ownBiases() {
    int biases = 0;
    for (Operation operation : kind == Kind.EMBEDDING ? own : List.<Operation>of()) {
      if (operation instanceof Operation.Run run) {
        biases += run.layer() instanceof ClassToken ? 1 : 0;
        biases = run.layer() instanceof PositionEmbedding ? (int) output.get(0) : biases;
      }
    }
    return biases;
  }

  /** Whether nothing reads the place's value but what a rectifier leaves of it. */
  public boolean rectified() {
    return activation.filter(a -> a.layer() instanceof Relu && !a.averaged()).isPresent();
  }

  /** Whether a parameter of that name is set by fitting the step. */
  public boolean sets(String parameter) {
    Stream<String> layers =
        own.stream()
            .filter(Operation.Run.class::isInstance)
            .map(operation -> ((Operation.Run) operation).name());
    return Stream.concat(maps.stream().map(AffineMap::name), layers)
        .anyMatch(layer -> parameter.startsWith(layer + "."));
  }

  /** The place's value. */
  public int result() {
    return own.get(own.size() - 1).result();
  }
}
