package io.neurograft.simulator.command;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.neurograft.coordinator.command.FormatOption;
import io.neurograft.neural.config.Config;
import io.neurograft.neural.config.InvalidInputException;
import io.neurograft.neural.data.DataUri;
import io.neurograft.neural.data.Split;
import io.neurograft.simulator.experiment.Experiment;
import io.neurograft.simulator.experiment.Simulation;
import io.neurograft.simulator.report.ResultTable;
import io.neurograft.simulator.report.RunResult;
import io.neurograft.simulator.report.ScreeningTable;
import io.neurograft.simulator.report.TransferTable;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code neurograft simulate}: a federated experiment on one machine. */
@Command(
    name = "simulate",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description =
        "Runs a federated experiment on this machine: a coordinator and its nodes, each with its own "
            + "folder and connection. Writes result.json, report.html, the model that was published, and log.txt.")
final class SimulateCommand implements Callable<Integer> {
  private static final DateTimeFormatter STAMP =
      DateTimeFormatter.ofPattern("yyyyMMdd-HHmmss", Locale.ROOT);

  @Spec private CommandSpec spec;

  @Parameters(
      arity = "0..1",
      paramLabel = "experiment.yaml",
      description = "The experiment. Default: four sites on glyphs, digits the program draws.")
  private @Nullable Path file;

  @Option(
      names = "--data",
      paramLabel = "URI",
      description = "Other data than the experiment's: glyphs, mnist:DIR, cifar10:DIR, ...")
  private @Nullable String data;

  @Option(names = "--sites", paramLabel = "N", description = "Another number of sites.")
  private @Nullable Integer sites;

  @Option(names = "--seed", paramLabel = "N", description = "Another seed of the run.")
  private @Nullable Long seed;

  @Option(
      names = "--hostile",
      paramLabel = "ATTACK=N",
      description =
          "Has the last N sites mean harm: label-flip, random-weights, scaled-weights, "
              + "copied-member or nan. May be given several times.")
  private Map<String, Integer> hostile = Map.of();

  @Option(names = "--no-screening", description = "Fuses whatever the sites send.")
  private boolean unscreened;

  @Option(
      names = "--out",
      paramLabel = "DIR",
      description = "A new or empty folder. Default: runs/NAME-TIME.")
  private @Nullable Path out;

  @Mixin private FormatOption format;

  @Option(
      names = "--threads",
      defaultValue = "1",
      paramLabel = "N",
      description =
          "Threads of the engine for one operator. The nodes work side by side, "
              + "so that more than 1 helps only where they are few. Default: 1.")
  private int threads;

  @Mixin private DeviceOption device;

  @Override
  public Integer call() throws IOException {
    if (threads < 1 || threads > 256) {
      throw new InvalidInputException("--threads", "expected 1 to 256, found " + threads);
    }
    Experiment experiment = Experiment.parse(document(), source(), overrides());
    requireData(experiment.data());
    Path folder = folder(experiment.name());
    RunLog.to(folder.resolve("log.txt"));
    RunResult result;
    PrintWriter err = spec.commandLine().getErr();
    try (Terminal terminal = new Terminal(experiment.name(), err)) {
      result = new Simulation(experiment, folder, threads, device.setting()).run(terminal);
    }
    PrintWriter answer = spec.commandLine().getOut();
    if (format.json()) {
      answer.print(Files.readString(folder.resolve("result.json")));
    } else {
      answer.print(ResultTable.of(result));
      answer.print(TransferTable.of(result));
      answer.print(ScreeningTable.of(result));
      if (result.published() != null) {
        answer.println("published: " + result.published().model());
      }
      answer.println("model: " + folder.resolve("model.safetensors"));
      answer.println("report: " + folder.resolve("report.html"));
    }
    answer.flush();
    return 0;
  }

  private String source() {
    return file == null ? "the built-in experiment" : file.toString();
  }

  private String document() {
    if (file == null) {
      return BuiltIn.text("/experiments/glyphs.yaml");
    }
    return Config.text(file);
  }

  private Map<String, JsonNode> overrides() {
    JsonNodeFactory json = JsonNodeFactory.instance;
    Map<String, JsonNode> overrides = new HashMap<>();
    if (data != null) {
      overrides.put("data", json.textNode(data));
    }
    if (sites != null) {
      overrides.put("sites", json.numberNode(sites));
    }
    if (seed != null) {
      overrides.put("seed", json.numberNode(seed));
    }
    if (!hostile.isEmpty()) {
      ObjectNode attacks = json.objectNode();
      hostile.forEach(attacks::put);
      overrides.put("hostile", attacks);
    }
    if (unscreened) {
      overrides.put("screening", json.textNode("off"));
    }
    return overrides;
  }

  /** Reads the data once before anything is started or written. */
  private static void requireData(String uri) {
    try {
      var unused = DataUri.open(uri, Split.TEST);
    } catch (InvalidInputException e) {
      throw new InvalidInputException("data " + uri, e.getMessage() + "; --data names other data");
    }
  }

  /** The output folder: new or empty, so that nothing that is there is lost. */
  private Path folder(String name) {
    Path folder =
        out == null
            ? Path.of("runs", name + "-" + LocalDateTime.now(ZoneId.systemDefault()).format(STAMP))
            : out;
    try {
      Files.createDirectories(folder);
      try (DirectoryStream<Path> content = Files.newDirectoryStream(folder)) {
        if (content.iterator().hasNext()) {
          throw new InvalidInputException(
              "--out", "expected a new or empty folder; " + folder + " has files in it");
        }
      }
      return folder;
    } catch (IOException e) {
      throw new UncheckedIOException(folder + " cannot be made", e);
    }
  }
}
