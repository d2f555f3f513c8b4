package io.neurograft.simulator.command;

import ai.djl.ndarray.types.Shape;
import io.neurograft.neural.moments.LevelBudget;
import io.neurograft.neural.network.LayerSpec;
import io.neurograft.neural.network.NetworkSpec;
import io.neurograft.neural.network.UnitGroup;
import io.neurograft.neural.safetensors.SafetensorsFile;
import io.neurograft.neural.safetensors.TensorEntry;
import io.neurograft.simulator.report.AnswerTable;
import java.io.PrintWriter;
import java.nio.FloatBuffer;
import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code neurograft inspect}: what is in a network specification or a safetensors file. */
@Command(
    name = "inspect",
    mixinStandardHelpOptions = true,
    description = "Shows what is in a network specification, or in a safetensors file.")
final class InspectCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Parameters(paramLabel = "FILE", description = "A .yaml or .safetensors file.")
  private Path file;

  @Option(
      names = "--members",
      paramLabel = "K",
      description =
          "Of a network: also what a site sends, question by question, when so many members are "
              + "fused by moments of the sites.")
  private int members;

  @Mixin private LevelBudgetOption levelBudget;

  @Override
  public Integer call() {
    LevelBudget budget = levelBudget.read();
    String name = file.toString().toLowerCase(Locale.ROOT);
    if (name.endsWith(".yaml") || name.endsWith(".yml")) {
      NetworkSpec network = NetworkSpec.read(file);
      network(network, spec.commandLine().getOut());
      if (members > 0) {
        spec.commandLine().getOut().println(AnswerTable.of(network, members, budget).strip());
      }
    } else {
      try (SafetensorsFile tensors = SafetensorsFile.open(file)) {
        tensors(tensors, spec.commandLine().getOut());
      }
    }
    return 0;
  }

  private static void network(NetworkSpec network, PrintWriter out) {
    out.println("input " + network.input().shape());
    for (int level = 0; level < network.levelCount(); level++) {
      out.printf(
          "level %d  %-48s -> %s%n",
          level,
          network.levels().get(level).stream()
              .map(LayerSpec::toYaml)
              .collect(Collectors.joining(", ")),
          network.output(level));
    }
    for (UnitGroup group : network.groups()) {
      out.printf(
          "group %d  %-32s %d units in %d places%n",
          group.index(), group.name(), group.units(), group.slices().size());
    }
    long parameters = network.parameters().values().stream().mapToLong(Shape::size).sum();
    out.printf("%,d parameters, %,d bytes%n", parameters, 4 * parameters);
  }

  private static void tensors(SafetensorsFile file, PrintWriter out) {
    for (var tensor : file.tensors().entrySet()) {
      TensorEntry entry = tensor.getValue();
      out.printf(
          Locale.ROOT,
          "%-32s %-5s %-20s %s%n",
          tensor.getKey(),
          entry.type(),
          entry.shape(),
          range(file, tensor.getKey(), entry));
    }
    file.metadata().forEach((key, value) -> out.println(key + ": " + value.strip()));
  }

  private static String range(SafetensorsFile file, String name, TensorEntry entry) {
    if (entry.elements() == 0 || entry.elements() > Integer.MAX_VALUE) {
      return "";
    }
    float[] values = new float[(int) entry.elements()];
    file.read(name, FloatBuffer.wrap(values));
    double least = Double.POSITIVE_INFINITY;
    double most = Double.NEGATIVE_INFINITY;
    double squares = 0;
    for (float value : values) {
      least = Math.min(least, value);
      most = Math.max(most, value);
      squares += (double) value * value;
    }
    return String.format(
        Locale.ROOT,
        "from %.4g to %.4g, root mean square %.4g",
        least,
        most,
        Math.sqrt(squares / values.length));
  }
}
