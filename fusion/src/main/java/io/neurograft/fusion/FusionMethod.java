package io.neurograft.fusion;

import io.neurograft.fusion.baseline.Alignment;
import io.neurograft.fusion.interpolate.ClassWeighting;
import io.neurograft.fusion.interpolate.Fit;
import io.neurograft.fusion.interpolate.Grouping;
import io.neurograft.fusion.interpolate.Head;
import io.neurograft.fusion.interpolate.Ridge;
import io.neurograft.fusion.transplant.Duplicates;
import io.neurograft.fusion.transplant.Order;
import io.neurograft.fusion.transplant.Ranking;
import io.neurograft.fusion.transplant.Variant;
import io.neurograft.neural.config.ConfigNode;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** A way to make one network of several, with its parameters. */
public sealed interface FusionMethod {

  /** The mean of the members' weights, entry by entry. */
  record Average() implements FusionMethod {
    @Override
    public String word() {
      return "average";
    }

    @Override
    public FusionMethod defaults() {
      return new Average();
    }

    @Override
    public Map<String, String> parameters() {
      return Map.of();
    }

    @Override
    public boolean needsEqualWidths() {
      return true;
    }
  }

  /**
   * The best units of all members side by side.
   *
   * @param ranking what makes a unit worth keeping
   * @param variant when members are pruned
   * @param order in what order more than two are fused
   * @param duplicates what happens to members that are nearly the same network
   * @param tuningEpochs passes over the examples, of the variant that trains; at least 1
   */
  record Transplant(
      Ranking ranking, Variant variant, Order order, Duplicates duplicates, int tuningEpochs)
      implements FusionMethod {
    /** Training "briefly" is one pass. */
    public static final int TUNING_EPOCHS = 1;

    /** The most that is no typing error. */
    public static final int MOST_TUNING_EPOCHS = 1000;

    public Transplant {
      if (tuningEpochs < 1) {
        throw new IllegalArgumentException("expected at least one epoch, found " + tuningEpochs);
      }
      if (variant != Variant.MERGE_TUNE_PRUNE && tuningEpochs != TUNING_EPOCHS) {
        throw new IllegalArgumentException("a variant that does not train has no tuning epochs");
      }
    }

    /** Merged at once, then pruned by magnitude, as the paper's authors do. */
    public Transplant() {
      this(Ranking.MAGNITUDE);
    }

    /** By another ranking. */
    public Transplant(Ranking ranking) {
      this(ranking, Variant.MERGE_PRUNE, Order.SIMULTANEOUS, Duplicates.MERGE, TUNING_EPOCHS);
    }

    @Override
    public boolean usesScores() {
      return ranking.needsScores();
    }

    @Override
    public boolean needsScores() {
      return ranking.needsScores();
    }

    @Override
    public String word() {
      return "transplant";
    }

    @Override
    public FusionMethod defaults() {
      return new Transplant();
    }

    @Override
    public Map<String, String> parameters() {
      Map<String, String> parameters =
          new TreeMap<>(
              Map.of(
                  "ranking", ConfigNode.word(ranking),
                  "variant", ConfigNode.word(variant),
                  "order", ConfigNode.word(order),
                  "duplicates", ConfigNode.word(duplicates)));
      if (tuningEpochs != TUNING_EPOCHS) {
        parameters.put("tuning-epochs", Integer.toString(tuningEpochs));
      }
      return parameters;
    }

    @Override
    public boolean needsExamples() {
      return variant == Variant.MERGE_TUNE_PRUNE;
    }

    private static Transplant from(ConfigNode node) {
      Variant variant = node.choice("variant", Variant.class, Variant.MERGE_PRUNE);
      boolean tunes = variant == Variant.MERGE_TUNE_PRUNE;
      if (!tunes && node.has("tuning-epochs")) {
        node.fault("tuning-epochs", "is a parameter of the variant merge-tune-prune alone");
      }
      return new Transplant(
          node.choice("ranking", Ranking.class, Ranking.MAGNITUDE),
          variant,
          node.choice("order", Order.class, Order.SIMULTANEOUS),
          node.choice("duplicates", Duplicates.class, Duplicates.MERGE),
          tunes
              ? (int) node.integerOr("tuning-epochs", 1, MOST_TUNING_EPOCHS, TUNING_EPOCHS)
              : TUNING_EPOCHS);
    }
  }

  /**
   * Units grouped by their activations, then fitted level by level.
   *
   * @param grouping how the members' units become the fused network's
   * @param head what the last level is fitted to
   * @param ridge how much fits are damped
   * @param refinements how often a layer in front of a ReLU is fitted again, to targets that are
   *     free where the ReLU hides them; from 0 to 10
   * @param fit whether levels are trained once they are fitted in closed form
   * @param weighting how much examples count in the closed form of a head for labels
   */
  record Interpolate(
      Grouping grouping, Head head, Ridge ridge, int refinements, Fit fit, ClassWeighting weighting)
      implements FusionMethod {
    /** What a third one adds was not seen. */
    public static final int REFINEMENTS = 2;

    private static final int MOST_REFINEMENTS = 10;
    private static final String WEIGHTING = "class-weights";
    private static final String ONLY_LABELS =
        "weights belong to a head for labels that is fitted by least squares";

    public Interpolate {
      if (refinements < 0 || refinements > MOST_REFINEMENTS) {
        throw new IllegalArgumentException(
            "expected 0 to %d refinements, found %d".formatted(MOST_REFINEMENTS, refinements));
      }
      if (weighting != ClassWeighting.NONE && !takesWeights(head, fit)) {
        throw new IllegalArgumentException(ONLY_LABELS);
      }
    }

    /** With all examples the same. */
    public Interpolate(Grouping grouping, Head head, Ridge ridge, int refinements, Fit fit) {
      this(grouping, head, ridge, refinements, fit, ClassWeighting.NONE);
    }

    /** In closed form. */
    public Interpolate(Grouping grouping, Head head, Ridge ridge, int refinements) {
      this(grouping, head, ridge, refinements, Fit.LEAST_SQUARES);
    }

    /** Selection with a labels head, in closed form. */
    public Interpolate() {
      this(Grouping.SELECT, Head.LABELS, Ridge.AUTO, REFINEMENTS);
    }

    @Override
    public boolean usesScores() {
      return true;
    }

    @Override
    public String word() {
      return "interpolate";
    }

    @Override
    public FusionMethod defaults() {
      return new Interpolate();
    }

    @Override
    public Map<String, String> parameters() {
      Map<String, String> parameters =
          new TreeMap<>(
              Map.of(
                  "grouping", ConfigNode.word(grouping),
                  "head", ConfigNode.word(head),
                  "refinements", Integer.toString(refinements),
                  "fit", ConfigNode.word(fit)));
      ridge.fixed().ifPresent(fixed -> parameters.put("ridge", Double.toString(fixed)));
      if (weighting != ClassWeighting.NONE) {
        parameters.put(WEIGHTING, ConfigNode.word(weighting));
      }
      return parameters;
    }

    private static boolean takesWeights(Head head, Fit fit) {
      return head == Head.LABELS && fit == Fit.LEAST_SQUARES;
    }

    private static Interpolate from(ConfigNode node) {
      Head head = node.choice("head", Head.class, Head.LABELS);
      Fit fit = node.choice("fit", Fit.class, Fit.LEAST_SQUARES);
      ClassWeighting weighting = node.choice(WEIGHTING, ClassWeighting.class, ClassWeighting.NONE);
      if (weighting != ClassWeighting.NONE && !takesWeights(head, fit)) {
        node.fault(WEIGHTING, ONLY_LABELS);
        weighting = ClassWeighting.NONE;
      }
      return new Interpolate(
          node.choice("grouping", Grouping.class, Grouping.SELECT),
          head,
          node.has("ridge") ? Ridge.of(node.decimal("ridge", 0, 1)) : Ridge.AUTO,
          (int) node.integerOr("refinements", 0, MOST_REFINEMENTS, REFINEMENTS),
          fit,
          weighting);
    }

    @Override
    public boolean needsMoments() {
      return true;
    }

    @Override
    public boolean needsEqualWidths() {
      return grouping == Grouping.HUNGARIAN;
    }

    @Override
    public boolean needsExamples() {
      return fit == Fit.GRADIENT;
    }
  }

  /**
   * The members' units aligned by optimal transport, then the mean of the weights.
   *
   * @param alignment what units are compared by
   */
  record Ot(Alignment alignment) implements FusionMethod {
    /** By activations, as the paper's authors do first of all. */
    public Ot() {
      this(Alignment.ACTIVATION);
    }

    @Override
    public String word() {
      return "ot";
    }

    @Override
    public FusionMethod defaults() {
      return new Ot();
    }

    @Override
    public Map<String, String> parameters() {
      return Map.of("alignment", ConfigNode.word(alignment));
    }

    @Override
    public boolean needsMoments() {
      return alignment == Alignment.ACTIVATION;
    }

    @Override
    public boolean needsEqualWidths() {
      return true;
    }
  }

  /** The members' units permuted until their weights agree best, then the mean of the weights. */
  record Rebasin() implements FusionMethod {
    @Override
    public String word() {
      return "rebasin";
    }

    @Override
    public FusionMethod defaults() {
      return new Rebasin();
    }

    @Override
    public Map<String, String> parameters() {
      return Map.of();
    }

    @Override
    public boolean needsEqualWidths() {
      return true;
    }
  }

  /**
   * The members' ensemble distilled into a fresh network, which learns its softmaxes on examples
   * without their labels.
   *
   * @param epochs passes over the examples; from 1 to 10,000
   * @param temperature what logits are divided by before each softmax; from 0.1 to 100
   */
  record Distill(int epochs, double temperature) implements FusionMethod {
    /** Enough on a few thousand examples; fewer do where examples are many. */
    static final int EPOCHS = 20;

    static final double TEMPERATURE = 2;

    public Distill {
      if (epochs < 1 || epochs > 10_000 || !(temperature >= 0.1 && temperature <= 100)) {
        throw new IllegalArgumentException(
            "expected 1 to 10000 epochs and a temperature from 0.1 to 100, found %d and %s"
                .formatted(epochs, temperature));
      }
    }

    /** Twenty epochs at temperature 2. */
    public Distill() {
      this(EPOCHS, TEMPERATURE);
    }

    @Override
    public String word() {
      return "distill";
    }

    @Override
    public FusionMethod defaults() {
      return new Distill();
    }

    @Override
    public Map<String, String> parameters() {
      return new TreeMap<>(
          Map.of("epochs", Integer.toString(epochs), "temperature", Double.toString(temperature)));
    }

    @Override
    public boolean needsExamples() {
      return true;
    }
  }

  /** The methods' words. */
  List<String> WORDS = List.of("average", "transplant", "interpolate", "ot", "rebasin", "distill");

  /** The method's name in specifications, reports and on the command line. */
  String word();

  /** The method's parameters as they are written in a specification. */
  Map<String, String> parameters();

  /** The same method with the parameters that it has where none is said. */
  FusionMethod defaults();

  /** Whether the method asks for second moments of the members' activations. */
  default boolean needsMoments() {
    return false;
  }

  /** Whether the method trains on examples beside the fusion. */
  default boolean needsExamples() {
    return false;
  }

  /** Whether the method needs data of either kind. */
  default boolean needsData() {
    return needsMoments() || needsExamples();
  }

  /** Whether the units' scores decide anything. */
  default boolean usesScores() {
    return false;
  }

  /** Whether scores that are all the same leave nothing to decide by. */
  default boolean needsScores() {
    return false;
  }

  /** Whether all members must be as wide as the fused network. */
  default boolean needsEqualWidths() {
    return false;
  }

  /**
   * The method's word with the parameters that differ from their defaults, such as {@code
   * interpolate-kmeans}: a name that tells methods of one word apart.
   */
  default String label() {
    Map<String, String> usual = defaults().parameters();
    return Stream.concat(
            Stream.of(word()),
            parameters().entrySet().stream()
                .filter(entry -> !entry.getValue().equals(usual.get(entry.getKey())))
                .map(
                    entry ->
                        entry.getValue().matches("[0-9.E-]+")
                            ? entry.getKey() + entry.getValue()
                            : entry.getValue()))
        .collect(Collectors.joining("-"));
  }

  /**
   * Reads a method: a word, or a mapping such as {@code {interpolate: {grouping: select, head:
   * labels, ridge: 0.01}}}. Notes faults there and then returns some method.
   */
  static FusionMethod from(ConfigNode node) {
    if (node.value().isObject()) {
      List<String> keys = node.keys();
      if (keys.size() == 1 && WORDS.contains(keys.get(0))) {
        ConfigNode parameters = node.requiredSection(keys.get(0));
        return switch (keys.get(0)) {
          case "transplant" -> Transplant.from(parameters);
          case "interpolate" -> Interpolate.from(parameters);
          case "ot" ->
              new Ot(parameters.choice("alignment", Alignment.class, Alignment.ACTIVATION));
          case "rebasin" -> new Rebasin();
          case "distill" ->
              new Distill(
                  (int) parameters.integerOr("epochs", 1, 10_000, Distill.EPOCHS),
                  parameters.decimalOr("temperature", 0.1, 100, Distill.TEMPERATURE));
          default -> new Average();
        };
      }
      node.fault("expected one method: " + String.join(", ", WORDS));
      keys.forEach(node::has);
      return new Average();
    }
    String word = node.text();
    return switch (word) {
      case "average" -> new Average();
      case "transplant" -> new Transplant();
      case "interpolate" -> new Interpolate();
      case "ot" -> new Ot();
      case "rebasin" -> new Rebasin();
      case "distill" -> new Distill();
      default -> {
        node.fault("expected one of " + String.join(", ", WORDS) + ", found " + word);
        yield new Average();
      }
    };
  }
}
