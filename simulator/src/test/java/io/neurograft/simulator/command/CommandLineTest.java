package io.neurograft.simulator.command;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.ndarray.NDManager;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.neurograft.neural.network.NetworkSpec;
import io.neurograft.neural.network.Weights;
import io.neurograft.neural.tensor.Compute;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class CommandLineTest {
  private static final String DATA = "glyphs?train=300&test=200";

  @TempDir Path folder;
  private Path network;
  private Path a;
  private Path b;

  /** What a command answered. */
  private record Answer(int code, String out, String err) {}

  @BeforeEach
  void writeMembers() throws IOException {
    Compute.start(1);
    network = folder.resolve("net.yaml");
    Files.writeString(
        network, "{family: mlp, widths: [16], classes: 10, input: {shape: [1, 28, 28]}}");
    a = member("a.safetensors", 1);
    b = member("b.safetensors", 2);
  }

  private Path member(String name, long seed) {
    NetworkSpec spec = NetworkSpec.read(network);
    Path file = folder.resolve(name);
    try (NDManager scope = Compute.newManager()) {
      Weights.initialise(spec, seed, scope).write(file, Map.of());
    }
    return file;
  }

  private static Answer run(Object... words) {
    CommandLine line = Neurograft.commandLine();
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    line.setOut(new PrintWriter(out, true)).setErr(new PrintWriter(err, true));
    String[] arguments = new String[words.length];
    for (int i = 0; i < words.length; i++) {
      arguments[i] = words[i].toString();
    }
    return new Answer(line.execute(arguments), out.toString(), err.toString());
  }

  private Answer fuse(Object... more) {
    Object[] words = {
      "fuse",
      "--network",
      network,
      "--member",
      a,
      "--member",
      b,
      "--threads",
      1,
      "--out",
      folder.resolve("f.safetensors")
    };
    Object[] all = java.util.Arrays.copyOf(words, words.length + more.length);
    System.arraycopy(more, 0, all, words.length, more.length);
    return run(all);
  }

  private Answer evaluate(Path weights) {
    return run(
        "evaluate",
        "--network",
        network,
        "--weights",
        weights,
        "--data",
        DATA,
        "--threads",
        1,
        "--format",
        "json");
  }

  @Test
  void fuse_everyMethod_writesWeightsThatEvaluate() throws IOException {
    for (String method : new String[] {"average", "transplant", "interpolate"}) {
      Path report = folder.resolve("r.json");
      Answer fused = fuse("--method", method, "--data", DATA, "--samples", 200, "--report", report);
      assertThat(fused.code()).as(fused.err()).isZero();
      assertThat(new ObjectMapper().readTree(report.toFile()).get("method").asText())
          .isEqualTo(method);
      Answer evaluated = evaluate(folder.resolve("f.safetensors"));
      JsonNode json = new ObjectMapper().readTree(evaluated.out());
      assertThat(json.get("examples").asLong()).isEqualTo(200);
      assertThat(json.get("perClass").size()).isEqualTo(10);
      assertThat(json.get("accuracy").isNumber() && json.get("loss").isNumber()).isTrue();
    }
    Answer shown = run("inspect", folder.resolve("f.safetensors"));
    assertThat(shown.out())
        .contains("levels.0.1.weight", "method: interpolate", "\"member\":\"a.safetensors\"");
  }

  @Test
  void fuse_sameSeed_sameBytes() throws IOException {
    fuse("--method", "interpolate", "--data", DATA, "--samples", 200);
    byte[] first = Files.readAllBytes(folder.resolve("f.safetensors"));
    fuse("--method", "interpolate", "--data", DATA, "--samples", 200);
    assertThat(Files.readAllBytes(folder.resolve("f.safetensors"))).isEqualTo(first);
  }

  @Test
  void fuse_wrongUse_isOneLineAndExitCode2AndWritesNothing() throws IOException {
    Path foreign = folder.resolve("foreign.safetensors");
    Files.writeString(foreign, "PK not a weights file at all");
    Answer[] answers = {
      fuse("--method", "interpolate"),
      fuse("--method", "sum"),
      fuse("--method", "interpolate", "--data", DATA, "--grouping", "astrology"),
      fuse("--method", "average", "--grouping", "select"),
      fuse("--method", "transplant", "--ranking", "scores"),
      fuse("--method", "average", "--report", a),
      fuse("--method", "average", "--member", foreign),
      fuse("--method", "average", "--member", folder.resolve("none.safetensors")),
      fuse("--method", "average", "--report", folder.resolve("no/such/folder.json")),
      fuse("--method", "interpolate", "--data", "mnist:" + folder),
    };
    for (Answer answer : answers) {
      assertThat(answer.code()).as(answer.err()).isEqualTo(2);
      assertThat(answer.err().lines().filter(line -> !line.contains("%"))).hasSize(1);
      assertThat(answer.out()).isEmpty();
    }
    assertThat(folder.resolve("f.safetensors")).doesNotExist();
  }

  @Test
  void evaluate_unknownOption_namesItAndPointsToHelp() {
    Answer answer = run("evaluate", "--colour", "red");
    assertThat(answer.code()).isEqualTo(2);
    assertThat(answer.err()).contains("--network").contains("neurograft evaluate --help");
  }

  @Test
  void help_everyCommand_tellsItsOptions() {
    for (String command : Neurograft.commandLine().getSubcommands().keySet()) {
      Answer answer = run(command, "--help");
      assertThat(answer.code()).isZero();
      assertThat(answer.out()).contains("Usage: neurograft " + command);
    }
  }

  @Test
  void partition_json_countsEveryExampleOnce() throws IOException {
    Answer answer = run("partition", "--data", DATA, "--sites", 3, "--format", "json");
    long examples = 0;
    for (JsonNode site : new ObjectMapper().readTree(answer.out())) {
      examples += site.get("examples").asLong();
    }
    assertThat(examples).isEqualTo(300);
  }

  @Test
  void inspect_specification_showsShapes() {
    assertThat(run("inspect", network).out()).contains("level 1", "group 1", "12,730 parameters");
  }
}
