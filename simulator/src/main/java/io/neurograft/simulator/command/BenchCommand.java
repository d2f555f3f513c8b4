package io.neurograft.simulator.command;

import picocli.CommandLine.Command;

/** {@code neurograft bench}: measures fusion and transfers, and what runs survive. */
@Command(
    name = "bench",
    mixinStandardHelpOptions = true,
    synopsisSubcommandLabel = "COMMAND",
    description =
        "Measures how accurate and how fast fusion is, how fast transfers are, what runs survive.",
    subcommands = {
      BenchAccuracyCommand.class,
      BenchFusionCommand.class,
      BenchTransferCommand.class,
      BenchChaosCommand.class
    })
final class BenchCommand {}
