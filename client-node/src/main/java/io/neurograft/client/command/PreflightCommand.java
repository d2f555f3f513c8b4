package io.neurograft.client.command;

import io.neurograft.client.config.NodeConfig;
import io.neurograft.client.preflight.Preflight;
import io.neurograft.client.preflight.Report;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Looks whether a site has all that its node needs. */
@Command(
    name = "preflight",
    description = {
      "Checks a site before its node is started, and says what to mend: configuration, folder,",
      "certificate, the way to the coordinator, clock, disk, engine, data, memory. Changes nothing."
    },
    mixinStandardHelpOptions = true,
    exitCodeListHeading = "Exit codes:%n",
    exitCodeList = {"0:nothing has failed", "1:something has failed", "2:no usable configuration"})
public final class PreflightCommand implements Callable<Integer> {
  /** How an answer is written. */
  private enum Format {
    TEXT,
    JSON
  }

  @Spec private CommandSpec spec = CommandSpec.create();

  @Option(
      names = "--config",
      required = true,
      paramLabel = "FILE",
      description = "The node's configuration, in YAML.")
  private @Nullable Path config;

  @Option(
      names = "--format",
      paramLabel = "text|json",
      defaultValue = "TEXT",
      description = "A line for each check as it is made, or one JSON document; by default text.")
  private Format format = Format.TEXT;

  /**
   * Makes the checks.
   *
   * @throws io.neurograft.neural.config.InvalidInputException if the configuration cannot be read
   */
  @Override
  public Integer call() throws InterruptedException {
    NodeConfig node = NodeConfig.read(Objects.requireNonNull(config));
    PrintWriter out = spec.commandLine().getOut();
    Report report =
        Preflight.run(
            node,
            InstantSource.system(),
            proxy(),
            line -> {
              if (format == Format.TEXT) {
                out.print(PreflightText.line(line));
                out.flush();
              }
            });
    out.print(format == Format.TEXT ? PreflightText.end(report) : PreflightJson.of(report) + "\n");
    out.flush();
    return report.passed() ? ExitCode.OK : ExitCode.SOFTWARE;
  }

  /** What most programs take for their way to the web; Java does not. */
  private static Optional<String> proxy() {
    return Stream.of("https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY")
        .map(System::getenv)
        .filter(value -> value != null && !value.isBlank())
        .map(value -> value.replaceFirst("//[^/@]*@", "//")) // a password stands there
        .findFirst();
  }
}
