package io.neurograft.simulator.command;

import io.neurograft.neural.Progress;
import io.neurograft.neural.attribution.Attribution;
import io.neurograft.neural.attribution.ScoreMethod;
import io.neurograft.neural.attribution.Scores;
import io.neurograft.neural.config.InvalidInputException;
import io.neurograft.neural.data.Batches;
import io.neurograft.neural.data.Dataset;
import io.neurograft.neural.network.Network;
import io.neurograft.neural.network.NetworkSpec;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The options that say how a fusion weighs its members' units. */
final class ScoreOptions {
  @Option(
      names = "--scores",
      paramLabel = "S",
      description =
          "How units are weighted: uniform (default), or by attribution on the data: taylor, "
              + "conductance, deeplift (no transformers) or ablation.")
  private @Nullable ScoreMethod method;

  @Option(
      names = "--score-steps",
      defaultValue = "10",
      paramLabel = "N",
      description = "Steps of scores that integrate (conductance). Default: 10.")
  private int steps;

  @Option(
      names = "--member-scores",
      paramLabel = "S.safetensors",
      description =
          "A member's scores from a file of neurograft score, once for each member in their order; "
              + "instead of --scores.")
  private List<Path> files = List.of();

  @Option(
      names = "--normalised",
      description = "Scale scores to a sum of 1 per member and group of units.")
  private boolean normalised;

  /** The files that are read. */
  List<Path> inputs() {
    return files;
  }

  /** Whether the units of one group differ in weight. */
  boolean informed() {
    return computed() || !files.isEmpty();
  }

  /** Whether scores are taken from the data. */
  boolean computed() {
    return method() != ScoreMethod.UNIFORM;
  }

  /** The option that scores come from. */
  String option() {
    return files.isEmpty() ? "--scores" : "--member-scores";
  }

  /**
   * Checks the options against each other.
   *
   * @throws InvalidInputException naming the option
   */
  void requireUsable(int members, boolean data) {
    if (steps < 1) {
      throw new InvalidInputException("--score-steps", "expected at least 1, found " + steps);
    }
    if (!files.isEmpty() && method != null) {
      throw new InvalidInputException(
          "--member-scores", "stands in the place of --scores; give one of them");
    }
    if (!files.isEmpty() && files.size() != members) {
      throw new InvalidInputException(
          "--member-scores",
          "expected one for each of %d members, found %d".formatted(members, files.size()));
    }
    if (method() != ScoreMethod.UNIFORM && !data) {
      throw new InvalidInputException("--data", "is missing; these scores are taken from it");
    }
  }

  /**
   * Reads the files, where there are any, and checks that the members can be scored otherwise.
   *
   * @param networks the members'
   * @throws InvalidInputException if a file is wrong or the method has no rule for a network
   */
  Optional<List<Scores>> read(List<NetworkSpec> networks) {
    networks.forEach(method()::requireFit);
    if (files.isEmpty()) {
      return Optional.empty();
    }
    List<Scores> read = new ArrayList<>();
    for (int i = 0; i < networks.size(); i++) {
      read.add(scaled(Scores.read(files.get(i), networks.get(i))));
    }
    return Optional.of(read);
  }

  /** Scores a member's units. */
  Scores of(Network member, Optional<Dataset> examples, Progress progress) {
    return scaled(
        examples
            .map(e -> Attribution.score(member, e, Batches.all(e), method(), steps, progress))
            .orElseGet(() -> Scores.uniform(member.spec())));
  }

  /**
   * What a fused file says of its members' scores.
   *
   * @param digest of a file
   */
  String text(Function<Path, String> digest) {
    String source =
        files.isEmpty() ? method().text(steps) : "files " + files.stream().map(digest).toList();
    return normalised ? source + ", normalised" : source;
  }

  private Scores scaled(Scores scores) {
    return normalised ? scores.normalised() : scores;
  }

  private ScoreMethod method() {
    return Objects.requireNonNullElse(method, ScoreMethod.UNIFORM);
  }
}
