package io.neurograft.coordinator.command;

import picocli.CommandLine.Option;

/** The option that says how a command answers. */
final class FormatOption {
  @Option(
      names = "--format",
      paramLabel = "text|json",
      defaultValue = "TEXT",
      description = "Lines for a person, or one JSON document; by default text.")
  private Format format = Format.TEXT;

  boolean json() {
    return format == Format.JSON;
  }
}
