package io.neurograft.simulator.command;

import io.neurograft.coordinator.command.FormatOption;
import io.neurograft.neural.config.Config;
import io.neurograft.neural.config.InvalidInputException;
import io.neurograft.neural.data.DataUri;
import io.neurograft.neural.data.Dataset;
import io.neurograft.neural.data.Partitioner;
import io.neurograft.neural.data.Split;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code neurograft partition}: shows how a partitioner deals a data set out to sites. */
@Command(
    name = "partition",
    mixinStandardHelpOptions = true,
    description = "Shows how many examples of each class a partitioner gives to each site.")
final class PartitionCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Option(
      names = "--data",
      defaultValue = "glyphs",
      paramLabel = "URI",
      description = "The data; its training split is dealt out. Default: glyphs.")
  private String data;

  @Option(
      names = "--partitioner",
      defaultValue = "{dirichlet: {alpha: 0.3}}",
      paramLabel = "P",
      description = {
        "iid, {dirichlet: {alpha: A, min-partition-size: N, seed: S}},",
        "{shard: {shards-per-partition: N, seed: S}} or",
        "{pathological: {classes-per-partition: N, seed: S}}.",
        "Default: {dirichlet: {alpha: 0.3}}."
      })
  private String partitioner;

  @Option(
      names = "--sites",
      defaultValue = "4",
      paramLabel = "N",
      description = "The number of sites. Default: 4.")
  private int sites;

  @Mixin private FormatOption format;

  /** One site of the result. */
  record SiteCounts(int site, int examples, List<Long> classCounts) {}

  @Override
  public Integer call() {
    if (sites < 1) {
      throw new InvalidInputException("--sites", "expected at least 1, found " + sites);
    }
    Partitioner rule = Config.parse(partitioner, "--partitioner", Partitioner::from);
    Dataset examples = DataUri.open(data, Split.TRAIN);
    List<SiteCounts> counts = new ArrayList<>();
    for (int[] part : rule.partition(examples.labels(), examples.classes(), sites)) {
      long[] classes = examples.subset(part).classCounts();
      counts.add(
          new SiteCounts(counts.size(), part.length, Arrays.stream(classes).boxed().toList()));
    }
    PrintWriter out = spec.commandLine().getOut();
    if (format.json()) {
      out.println(Json.write(counts));
    } else {
      print(examples.classNames(), counts, out);
    }
    return 0;
  }

  private static void print(List<String> classes, List<SiteCounts> counts, PrintWriter out) {
    out.printf("%-6s %9s", "site", "examples");
    classes.forEach(name -> out.printf(" %7.7s", name));
    out.println();
    for (SiteCounts site : counts) {
      out.printf("%-6d %9d", site.site(), site.examples());
      site.classCounts().forEach(count -> out.printf(" %7d", count));
      out.println();
    }
  }
}
