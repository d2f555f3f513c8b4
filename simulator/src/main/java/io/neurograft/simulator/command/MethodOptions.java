package io.neurograft.simulator.command;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.neurograft.fusion.FusionMethod;
import io.neurograft.neural.config.Config;
import io.neurograft.neural.config.InvalidInputException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The options that choose a fusion method; they are the keys of a run's specification. */
final class MethodOptions {
  @Option(
      names = "--method",
      required = true,
      paramLabel = "M",
      description = "transplant, interpolate, average, ot, rebasin or distill.")
  private String method;

  @Option(
      names = "--ranking",
      paramLabel = "R",
      description = "transplant: magnitude (default), incoming, scores or product.")
  private @Nullable String ranking;

  @Option(
      names = "--variant",
      paramLabel = "V",
      description =
          "transplant: merge-prune (default), prune-merge or merge-tune-prune, which trains the "
              + "members side by side on --data.")
  private @Nullable String variant;

  @Option(
      names = "--order",
      paramLabel = "O",
      description = "transplant: simultaneous (default), iterative or recursive.")
  private @Nullable String order;

  @Option(
      names = "--duplicates",
      paramLabel = "D",
      description = "transplant: merge (default) members that are nearly the same, or keep both.")
  private @Nullable String duplicates;

  @Option(
      names = "--tuning-epochs",
      paramLabel = "N",
      description = "transplant: passes over --data of merge-tune-prune. Default: 1.")
  private @Nullable Integer tuningEpochs;

  @Option(
      names = "--grouping",
      paramLabel = "G",
      description = "interpolate: select (default), kmeans or hungarian.")
  private @Nullable String grouping;

  @Option(
      names = "--head",
      paramLabel = "H",
      description = "interpolate: labels (default), mean or share.")
  private @Nullable String head;

  @Option(
      names = "--class-weights",
      paramLabel = "W",
      description =
          "interpolate: none (default), or balanced: in the fit of a labels head all classes count "
              + "the same, however many examples they have.")
  private @Nullable String classWeights;

  @Option(
      names = "--ridge",
      paramLabel = "X",
      description =
          "interpolate: damping of the fits, from 0 to 1. By default it follows the examples.")
  private @Nullable Double ridge;

  @Option(
      names = "--refinements",
      paramLabel = "N",
      description =
          "interpolate: how often layers before a ReLU are fitted again, 0 to 10. Default: 2.")
  private @Nullable Integer refinements;

  @Option(
      names = "--fit",
      paramLabel = "F",
      description =
          "interpolate: least-squares (default), or gradient, which trains on --data too.")
  private @Nullable String fit;

  @Option(
      names = "--alignment",
      paramLabel = "A",
      description = "ot: activation (default) or weight.")
  private @Nullable String alignment;

  @Option(
      names = "--epochs",
      paramLabel = "N",
      description = "distill: passes over the examples. Default: 20.")
  private @Nullable Integer epochs;

  @Option(
      names = "--temperature",
      paramLabel = "T",
      description = "distill: what logits are divided by, from 0.1 to 100. Default: 2.")
  private @Nullable Double temperature;

  /**
   * The method.
   *
   * @throws io.neurograft.neural.config.InvalidInputException naming every option that does not fit
   */
  FusionMethod read() {
    requireFor("transplant", "--ranking", ranking);
    requireFor("transplant", "--variant", variant);
    requireFor("transplant", "--order", order);
    requireFor("transplant", "--duplicates", duplicates);
    requireFor("transplant", "--tuning-epochs", tuningEpochs);
    requireFor("interpolate", "--grouping", grouping);
    requireFor("interpolate", "--head", head);
    requireFor("interpolate", "--class-weights", classWeights);
    requireFor("interpolate", "--ridge", ridge);
    requireFor("interpolate", "--refinements", refinements);
    requireFor("interpolate", "--fit", fit);
    requireFor("ot", "--alignment", alignment);
    requireFor("distill", "--epochs", epochs);
    requireFor("distill", "--temperature", temperature);
    ObjectNode parameters = JsonNodeFactory.instance.objectNode();
    put(parameters, "ranking", ranking);
    put(parameters, "variant", variant);
    put(parameters, "order", order);
    put(parameters, "duplicates", duplicates);
    if (tuningEpochs != null) {
      parameters.put("tuning-epochs", tuningEpochs);
    }
    put(parameters, "grouping", grouping);
    put(parameters, "head", head);
    put(parameters, "class-weights", classWeights);
    put(parameters, "fit", fit);
    put(parameters, "alignment", alignment);
    if (ridge != null) {
      parameters.put("ridge", ridge);
    }
    if (refinements != null) {
      parameters.put("refinements", refinements);
    }
    if (epochs != null) {
      parameters.put("epochs", epochs);
    }
    if (temperature != null) {
      parameters.put("temperature", temperature);
    }
    return Config.read(
        parameters.isEmpty()
            ? JsonNodeFactory.instance.textNode(method)
            : JsonNodeFactory.instance.objectNode().set(method, parameters),
        "--method",
        FusionMethod::from);
  }

  private void requireFor(String owner, String option, @Nullable Object value) {
    if (value != null && !method.equals(owner)) {
      throw new InvalidInputException(option, "is an option of --method " + owner);
    }
  }

  private static void put(ObjectNode parameters, String key, @Nullable String value) {
    if (value != null) {
      parameters.put(key, value);
    }
  }
}
