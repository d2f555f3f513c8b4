package io.neurograft.coordinator.command;

import picocli.CommandLine.Option;

/** The option that says how a command answers. */
public final class FormatOption {
  @Option(
      names = "--format",
      paramLabel = "text|json",
      defaultValue = "TEXT",
      description = "Lines for a person, or one JSON document; by default text.")
  private Format format = Format.TEXT;

  /** Whether the answer is one JSON document. */
  public boolean json() {
    return format == Format.JSON;
  }
}
