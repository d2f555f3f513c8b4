package io.neurograft.simulator.command;

import picocli.CommandLine.Command;

/** {@code neurograft bench}: measures fusion. */
@Command(
    name = "bench",
    mixinStandardHelpOptions = true,
    synopsisSubcommandLabel = "COMMAND",
    description = "Measures how accurate and how fast fusion is.",
    subcommands = {BenchAccuracyCommand.class, BenchFusionCommand.class})
final class BenchCommand {}
