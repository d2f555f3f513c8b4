package io.neurograft.simulator.command;

import picocli.CommandLine.Command;

/** {@code neurograft bench}: measures fusion, transfers, and what a coordinator bears. */
@Command(
    name = "bench",
    mixinStandardHelpOptions = true,
    synopsisSubcommandLabel = "COMMAND",
    description =
        "Measures fusion, transfers, what runs survive, and how many sites a coordinator bears.",
    subcommands = {
      BenchAccuracyCommand.class,
      BenchFusionCommand.class,
      BenchTransferCommand.class,
      BenchLoadCommand.class,
      BenchChaosCommand.class
    })
final class BenchCommand {}
