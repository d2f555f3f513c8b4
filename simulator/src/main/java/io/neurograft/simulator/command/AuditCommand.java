package io.neurograft.simulator.command;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.neurograft.coordinator.command.FormatOption;
import io.neurograft.neural.config.InvalidInputException;
import io.neurograft.proto.audit.Act;
import io.neurograft.proto.audit.AuditFiles;
import io.neurograft.proto.audit.ChainCheck;
import io.neurograft.proto.audit.Head;
import io.neurograft.proto.audit.Line;
import io.neurograft.proto.audit.Remainder;
import io.neurograft.proto.text.OneLine;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Checks and shows the audit logs of coordinators and nodes. */
@Command(
    name = "audit",
    description = "Checks and shows audit logs: who did what when.",
    mixinStandardHelpOptions = true,
    synopsisSubcommandLabel = "COMMAND")
final class AuditCommand implements Runnable {
  private static final int LONGEST_UNREAD = 500;

  @Spec private CommandSpec spec;

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "expected one of verify, show");
  }

  @Command(
      name = "verify",
      description = {
        "Holds each line of audit logs against the one before; exit code 1 where one was changed,"
            + " removed, added or exchanged.",
        "Prints the head of each log. Note it elsewhere: who can write the log can write all of it"
            + " anew, and only an earlier head shows that, or that lines are missing at the end."
      },
      mixinStandardHelpOptions = true)
  int verify(
      @Parameters(
              arity = "1..*",
              paramLabel = "FOLDER",
              description =
                  "A coordinator's or a node's folder, or the log's own. Files given one by one"
                      + " are one log, in their order.")
          List<Path> places,
      @Option(
              names = "--head",
              paramLabel = "N:HASH",
              description = "A head noted before, of the one log that is given; may be repeated.")
          @Nullable List<String> noted,
      @Mixin FormatOption format)
      throws IOException {
    Map<String, List<Path>> logs = logs(places);
    List<Head> heads = heads(noted);
    if (logs.size() > 1 && !heads.isEmpty()) {
      throw new ParameterException(spec.commandLine(), "--head: expected one log, not several");
    }
    ArrayNode all = JsonNodeFactory.instance.arrayNode();
    boolean whole = true;
    PrintWriter out = spec.commandLine().getOut();
    for (var log : logs.entrySet()) {
      ChainCheck.Result result = ChainCheck.of(log.getValue(), heads);
      whole &= result.damage().isEmpty();
      all.add(json(log.getKey(), result));
      if (!format.json()) {
        out.println(text(log.getKey(), result));
      }
    }
    if (format.json()) {
      out.println(all.toPrettyString());
    }
    out.flush();
    return whole ? ExitCode.OK : ExitCode.SOFTWARE;
  }

  @Command(
      name = "show",
      description = {
        "Shows the lines of an audit log. Where one was tampered with, says so there, and shows the"
            + " rest with a question mark before each: anybody may have written it."
      },
      mixinStandardHelpOptions = true)
  int show(
      @Parameters(paramLabel = "FOLDER", description = "As of verify.") Path place,
      @Option(
              names = "--since",
              paramLabel = "TIME",
              description = "Only lines from then on, such as 2026-03-01T00:00:00Z.")
          @Nullable String since,
      @Option(names = "--who", paramLabel = "WHO", description = "Such as \"site hospital-a\".")
          @Nullable String who,
      @Option(names = "--what", paramLabel = "WORD", description = "Such as run.created.")
          @Nullable String what,
      @Option(names = "--head", paramLabel = "N:HASH", description = "As of verify.")
          @Nullable List<String> noted)
      throws IOException {
    if (what != null && Act.of(what).isEmpty()) {
      throw new ParameterException(spec.commandLine(), "--what: no log tells of " + what);
    }
    Instant from = since == null ? Instant.MIN : time(since);
    PrintWriter out = spec.commandLine().getOut();
    List<Path> files = logs(List.of(place)).values().iterator().next();
    Predicate<Line> wanted =
        line ->
            !line.time().isBefore(from)
                && (who == null || who.equals(line.who()))
                && (what == null || what.equals(line.what()));
    ChainCheck.Result result =
        ChainCheck.of(
            files,
            heads(noted),
            line -> {
              if (wanted.test(line)) {
                out.println(text(line));
              }
            });
    if (result.damage().isPresent()) {
      out.println(text(result.damage().get()));
      Remainder.read(
          files,
          result.lines(),
          rest -> {
            if (rest.line().map(wanted::test).orElse(true)) {
              out.println("? " + rest.line().map(AuditCommand::text).orElse(unread(rest)));
            }
          });
    }
    out.flush();
    return result.damage().isEmpty() ? ExitCode.OK : ExitCode.SOFTWARE;
  }

  private List<Head> heads(@Nullable List<String> noted) {
    return noted == null ? List.of() : noted.stream().map(this::head).toList();
  }

  private static String unread(Remainder.Doubtful rest) {
    return OneLine.of(rest.text(), LONGEST_UNREAD);
  }

  private static Map<String, List<Path>> logs(List<Path> places) throws IOException {
    Map<String, List<Path>> logs = new LinkedHashMap<>();
    List<Path> single = new ArrayList<>();
    for (Path place : places) {
      if (Files.isRegularFile(place)) {
        single.add(place);
        continue;
      }
      Path inside = AuditFiles.folder(place);
      Path folder = Files.isDirectory(inside) ? inside : place;
      List<Path> files = AuditFiles.list(folder);
      if (files.isEmpty()) {
        throw new InvalidInputException(place.toString(), "expected an audit log, found none");
      }
      logs.put(folder.toString(), files);
    }
    if (!single.isEmpty()) {
      logs.put(
          single.get(0) + (single.size() > 1 ? " and " + (single.size() - 1) + " more" : ""),
          single);
    }
    return logs;
  }

  private Head head(String text) {
    try {
      return Head.parse(text);
    } catch (IllegalArgumentException e) {
      throw new ParameterException(spec.commandLine(), "--head: " + e.getMessage());
    }
  }

  private Instant time(String text) {
    try {
      return Instant.parse(text);
    } catch (DateTimeParseException e) {
      throw new ParameterException(
          spec.commandLine(), "--since: expected a time such as 2026-03-01T00:00:00Z");
    }
  }

  private static String text(Line line) {
    return OneLine.of(
        "%d %s %s %s %s"
            .formatted(line.number(), line.time(), line.who(), line.what(), line.about()));
  }

  private static String text(String log, ChainCheck.Result result) {
    return "%s: %s%n  lines %d, from %s to %s%n  head %s"
        .formatted(
            log,
            result.damage().map(AuditCommand::text).orElse("unbroken"),
            result.lines(),
            time(result.from()),
            time(result.to()),
            result.head());
  }

  private static String text(ChainCheck.Break damage) {
    return "BROKEN at %s, line %d: %s".formatted(damage.file(), damage.line(), damage.fault());
  }

  private static String time(Optional<Instant> time) {
    return time.map(Instant::toString).orElse("-");
  }

  private static ObjectNode json(String log, ChainCheck.Result result) {
    ObjectNode json =
        JsonNodeFactory.instance
            .objectNode()
            .put("log", log)
            .put("lines", result.lines())
            .put("from", result.from().map(Instant::toString).orElse(null))
            .put("to", result.to().map(Instant::toString).orElse(null))
            .put("head", result.head().toString());
    result
        .damage()
        .ifPresent(
            at ->
                json.putObject("broken")
                    .put("file", at.file().toString())
                    .put("line", at.line())
                    .put("expected", at.fault().expected())
                    .put("found", at.fault().found()));
    return json;
  }
}
