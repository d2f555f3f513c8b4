package io.neurograft.simulator.command;

import picocli.CommandLine.Command;

/** {@code neurograft bench}: measures fusion and transfers. */
@Command(
    name = "bench",
    mixinStandardHelpOptions = true,
    synopsisSubcommandLabel = "COMMAND",
    description = "Measures how accurate and how fast fusion is, and how fast transfers are.",
    subcommands = {
      BenchAccuracyCommand.class,
      BenchFusionCommand.class,
      BenchTransferCommand.class
    })
final class BenchCommand {}
