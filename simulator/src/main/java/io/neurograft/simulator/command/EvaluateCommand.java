package io.neurograft.simulator.command;

import ai.djl.ndarray.NDManager;
import io.neurograft.coordinator.command.FormatOption;
import io.neurograft.neural.data.DataUri;
import io.neurograft.neural.data.Dataset;
import io.neurograft.neural.data.Split;
import io.neurograft.neural.network.Network;
import io.neurograft.neural.network.NetworkSpec;
import io.neurograft.neural.network.Weights;
import io.neurograft.neural.tensor.Compute;
import io.neurograft.neural.training.Evaluation;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code neurograft evaluate}: how well weights classify a data set. */
@Command(
    name = "evaluate",
    mixinStandardHelpOptions = true,
    description = "Tells how well a network classifies a data set.")
final class EvaluateCommand implements Callable<Integer> {
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
          "The data: glyphs, mnist:DIR, cifar10:DIR, cifar100:DIR, images:DIR, csv:FILE?label=COLUMN.")
  private String data;

  @Option(
      names = "--split",
      defaultValue = "TEST",
      paramLabel = "train|test",
      description = "Which part of the data. Default: test.")
  private Split split;

  @Mixin private FormatOption format;

  @Mixin private EngineOptions engine;

  /** What is printed as JSON. */
  record Result(double accuracy, double loss, long examples, List<ClassResult> perClass) {}

  /** One class of the result. */
  record ClassResult(String name, long examples, long correct, double accuracy) {}

  @Override
  public Integer call() {
    NetworkSpec network = NetworkSpec.read(this.network);
    engine.start();
    Dataset examples = DataUri.open(data, split);
    try (NDManager scope = Compute.newManager();
        Weights read = Weights.read(weights, network, scope);
        Terminal terminal = new Terminal("evaluating", spec.commandLine().getErr())) {
      print(Evaluation.of(new Network(network, read), examples, terminal));
    }
    return 0;
  }

  private void print(Evaluation evaluation) {
    PrintWriter out = spec.commandLine().getOut();
    List<ClassResult> classes =
        evaluation.perClass().stream()
            .map(
                c ->
                    new ClassResult(
                        c.name(),
                        c.examples(),
                        c.correct(),
                        c.examples() == 0 ? 0 : (double) c.correct() / c.examples()))
            .toList();
    if (format.json()) {
      out.println(
          Json.write(
              new Result(
                  evaluation.accuracy(), evaluation.loss(), evaluation.examples(), classes)));
      return;
    }
    out.printf(
        Locale.ROOT,
        "accuracy %.4f, loss %.4f, %d examples%n",
        evaluation.accuracy(),
        evaluation.loss(),
        evaluation.examples());
    for (ClassResult c : classes) {
      out.printf(Locale.ROOT, "  %-20s %.4f of %d%n", c.name(), c.accuracy(), c.examples());
    }
  }
}
