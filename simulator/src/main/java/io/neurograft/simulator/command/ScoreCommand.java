package io.neurograft.simulator.command;

import ai.djl.ndarray.NDManager;
import io.neurograft.coordinator.command.FormatOption;
import io.neurograft.neural.attribution.Attribution;
import io.neurograft.neural.attribution.ScoreMethod;
import io.neurograft.neural.attribution.Scores;
import io.neurograft.neural.config.ConfigNode;
import io.neurograft.neural.config.InvalidInputException;
import io.neurograft.neural.data.Batches;
import io.neurograft.neural.data.DataUri;
import io.neurograft.neural.data.Dataset;
import io.neurograft.neural.data.Samples;
import io.neurograft.neural.data.Split;
import io.neurograft.neural.network.Network;
import io.neurograft.neural.network.NetworkSpec;
import io.neurograft.neural.network.UnitGroup;
import io.neurograft.neural.network.Weights;
import io.neurograft.neural.tensor.Compute;
import io.neurograft.simulator.report.MarkdownTable;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code neurograft score}: how much each unit of a network contributes. */
@Command(
    name = "score",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = {
      "Scores the units of a network by how much each contributes.",
      "A score says how far a unit moves the logit of an example's own class, on average over the "
          + "examples. The file is the one that a node sends beside its member, and that "
          + "fuse --member-scores reads; what is printed sums up every group of units, of which the "
          + "last are the classes."
    })
final class ScoreCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Option(
      names = "--network",
      required = true,
      paramLabel = "N.yaml",
      description = "The network's specification.")
  private Path network;

  @Option(
      names = "--weights",
      required = true,
      paramLabel = "W.safetensors",
      description = "The network's weights.")
  private Path weights;

  @Option(
      names = "--data",
      required = true,
      paramLabel = "URI",
      description =
          "Labelled data: glyphs, mnist:DIR, cifar10:DIR, cifar100:DIR, images:DIR, csv:FILE?label=COLUMN.")
  private String data;

  @Option(
      names = "--split",
      defaultValue = "TRAIN",
      paramLabel = "train|test",
      description = "Which part of the data. Default: train.")
  private Split split;

  @Option(
      names = "--samples",
      defaultValue = "400",
      paramLabel = "N",
      description = "How many of its examples, drawn by class. Default: 400.")
  private int samples;

  @Option(
      names = "--method",
      defaultValue = "CONDUCTANCE",
      paramLabel = "S",
      description =
          "conductance (default), deeplift (one pass, no transformers), taylor (one pass), ablation "
              + "(a pass for each unit) or uniform (1 for every unit).")
  private ScoreMethod method;

  @Option(
      names = "--steps",
      defaultValue = "10",
      paramLabel = "N",
      description = "Steps of conductance along its path. Default: 10.")
  private int steps;

  @Option(
      names = "--normalised",
      description = "Scale the scores to a sum of 1 in each group of units.")
  private boolean normalised;

  @Option(
      names = "--seed",
      defaultValue = "42",
      paramLabel = "N",
      description = "Seed of the draw of examples. Default: 42.")
  private long seed;

  @Option(
      names = "--out",
      required = true,
      paramLabel = "S.safetensors",
      description = "Where the scores go: one vector group_<i> for each group of units.")
  private Path out;

  @Mixin private FormatOption format;

  @Mixin private EngineOptions engine;

  /** What is printed as JSON. */
  record Result(String scores, String method, int examples, List<GroupScores> groups) {}

  /** One group of the result. */
  record GroupScores(String group, int units, double min, double median, double max, double sum) {
    static GroupScores of(UnitGroup group, double[] scores) {
      double[] sorted = scores.clone();
      Arrays.sort(sorted);
      int n = sorted.length;
      return new GroupScores(
          group.name(),
          n,
          sorted[0],
          (sorted[(n - 1) / 2] + sorted[n / 2]) / 2,
          sorted[n - 1],
          Arrays.stream(sorted).sum());
    }
  }

  @Override
  public Integer call() {
    NetworkSpec network = NetworkSpec.read(this.network);
    requireAtLeastOne("--samples", samples);
    requireAtLeastOne("--steps", steps);
    method.requireFit(network);
    List<Path> inputs = new ArrayList<>(List.of(this.network, weights));
    OutputFile.read(data).ifPresent(inputs::add);
    OutputFile.require(out, inputs);
    engine.start();
    try (NDManager scope = Compute.newManager();
        Weights read = Weights.read(weights, network, scope)) {
      Dataset examples = examples(network);
      Scores scores = score(new Network(network, read), examples);
      scores.write(out);
      print(network.groups(), scores, examples.size());
    }
    return 0;
  }

  private static void requireAtLeastOne(String option, int value) {
    if (value < 1) {
      throw new InvalidInputException(option, "expected at least 1, found " + value);
    }
  }

  private Dataset examples(NetworkSpec network) {
    Dataset all = DataUri.open(data, split);
    Batches.requireFit(all, network.input());
    return all.subset(Samples.balanced(all, samples, seed));
  }

  private Scores score(Network scored, Dataset examples) {
    try (Terminal terminal = new Terminal("scoring", spec.commandLine().getErr())) {
      Scores scores =
          Attribution.score(scored, examples, Batches.all(examples), method, steps, terminal);
      return normalised ? scores.normalised() : scores;
    }
  }

  private void print(List<UnitGroup> groups, Scores scores, int examples) {
    List<GroupScores> summaries =
        groups.stream().map(g -> GroupScores.of(g, scores.group(g.index()))).toList();
    PrintWriter answer = spec.commandLine().getOut();
    String word = ConfigNode.word(method);
    if (format.json()) {
      answer.println(Json.write(new Result(out.toString(), word, examples, summaries)));
      return;
    }
    List<List<String>> rows = new ArrayList<>();
    rows.add(List.of("group", "units", "min", "median", "max", "sum"));
    for (GroupScores g : summaries) {
      rows.add(
          List.of(
              g.group(),
              Integer.toString(g.units()),
              figure(g.min()),
              figure(g.median()),
              figure(g.max()),
              figure(g.sum())));
    }
    answer.print(MarkdownTable.of(rows));
    answer.printf(Locale.ROOT, "%s: scores by %s on %,d examples%n", out, word, examples);
  }

  private static String figure(double score) {
    return String.format(Locale.ROOT, "%.4g", score);
  }
}
