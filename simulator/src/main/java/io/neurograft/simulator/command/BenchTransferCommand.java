package io.neurograft.simulator.command;

import io.neurograft.coordinator.command.FormatOption;
import io.neurograft.simulator.bench.transfer.TransferBenchmark;
import io.neurograft.simulator.bench.transfer.TransferPlan;
import io.neurograft.simulator.bench.transfer.TransferTable;
import io.neurograft.simulator.bench.transfer.TransferTiming;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code neurograft bench transfer}: the figures of docs/transfers.md. */
@Command(
    name = "transfer",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = {
      "Times transfers of artifacts between sites and a coordinator, which is a process of its own,",
      "beside a raw TCP copy over loopback, and tells how much memory the coordinator took. A transfer",
      "is over when its bytes are checked and forced to the disk. Needs room for twice what is sent."
    })
final class BenchTransferCommand implements Callable<Integer> {
  private static final long MEGABYTE = 1_000_000;

  @Spec private CommandSpec spec;

  @Option(
      names = "--size",
      defaultValue = "1000",
      paramLabel = "MB",
      description = "The artifact of one stream, in megabytes. Default: 1000.")
  private long size;

  @Option(
      names = "--warm-ups",
      defaultValue = "4",
      paramLabel = "N",
      description =
          "How often one stream runs before it is measured: a coordinator that has just started "
              + "compiles itself meanwhile. Default: 4.")
  private int warmUps;

  @Option(
      names = "--repeats",
      defaultValue = "5",
      paramLabel = "N",
      description = "How often one stream is measured. Default: 5.")
  private int repeats;

  @Option(
      names = "--sites",
      defaultValue = "16",
      paramLabel = "N",
      description = "How many sites send at once; 0 leaves it out. Default: 16.")
  private int sites;

  @Option(
      names = "--site-size",
      defaultValue = "1000",
      paramLabel = "MB",
      description = "What each of them sends, in megabytes. Default: 1000.")
  private long siteSize;

  @Option(
      names = "--round-size",
      defaultValue = "400",
      paramLabel = "MB",
      description =
          "What each of the two sites of a round fetches and sends, in megabytes; 0 leaves it out. "
              + "Default: 400.")
  private long roundSize;

  @Option(
      names = "--large",
      defaultValue = "0",
      paramLabel = "MB",
      description = "An artifact that is sent and fetched once, such as 5000. Default: none.")
  private long large;

  @Option(
      names = "--heap",
      defaultValue = "256",
      paramLabel = "MiB",
      description = "The coordinator's largest heap. Default: 256.")
  private int heap;

  @Option(
      names = "--folder",
      paramLabel = "DIR",
      description =
          "Where everything is stored meanwhile, in a folder that is removed at the end. "
              + "Default: the system's temporary folder.")
  private @Nullable Path folder;

  @Mixin private FormatOption format;

  @Override
  public Integer call() throws IOException, InterruptedException, GeneralSecurityException {
    Amounts.require("--size", size, 1);
    Amounts.require("--warm-ups", warmUps, 0);
    Amounts.require("--repeats", repeats, 1);
    Amounts.require("--sites", sites, 0);
    Amounts.require("--site-size", siteSize, 1);
    Amounts.require("--round-size", roundSize, 0);
    Amounts.require("--large", large, 0);
    Amounts.require("--heap", heap, 32);
    TransferPlan plan =
        new TransferPlan(
            size * MEGABYTE,
            warmUps,
            repeats,
            sites,
            siteSize * MEGABYTE,
            roundSize * MEGABYTE,
            large * MEGABYTE);
    Path made = ScratchFolder.make(folder, "transfer");
    List<TransferTiming> timings;
    try (Terminal terminal = new Terminal("transfer", spec.commandLine().getErr())) {
      timings = TransferBenchmark.run(plan, Neurograft.class.getName(), heap, made, terminal);
    }
    PrintWriter out = spec.commandLine().getOut();
    out.print(format.json() ? Json.write(timings) + "\n" : TransferTable.of(timings));
    out.flush();
    return 0;
  }
}
