package io.neurograft.simulator.command;

import static io.neurograft.simulator.command.Typed.type;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDManager;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.neurograft.fusion.FusionMethod;
import io.neurograft.neural.attribution.ScoreMethod;
import io.neurograft.neural.config.ConfigNode;
import io.neurograft.neural.network.NetworkSpec;
import io.neurograft.neural.network.Weights;
import io.neurograft.neural.safetensors.SafetensorsFile;
import io.neurograft.neural.tensor.Compute;
import java.io.IOException;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CommandLineTest {
  private static final String DATA = "glyphs?train=300&test=200";

  @TempDir Path folder;
  private Path network;
  private Path a;
  private Path b;

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

  private Typed fuse(Object... more) {
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
    return type(with(words, more));
  }

  private Typed evaluate(Path weights) {
    return type(
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
    for (String method : new String[] {"average", "transplant", "interpolate", "distill"}) {
      Path report = folder.resolve("r.json");
      Typed fused = fuse("--method", method, "--data", DATA, "--samples", 200, "--report", report);
      assertThat(fused.code()).as(fused.err()).isZero();
      assertThat(new ObjectMapper().readTree(report.toFile()).get("method").asText())
          .isEqualTo(method);
      Typed evaluated = evaluate(folder.resolve("f.safetensors"));
      JsonNode json = new ObjectMapper().readTree(evaluated.out());
      assertThat(json.get("examples").asLong()).isEqualTo(200);
      assertThat(json.get("perClass").size()).isEqualTo(10);
      assertThat(json.get("accuracy").isNumber() && json.get("loss").isNumber()).isTrue();
    }
    Typed shown = type("inspect", folder.resolve("f.safetensors"));
    assertThat(shown.out())
        .contains(
            "levels.0.1.weight",
            "method: distill",
            "\"epochs\":\"20\"",
            "\"member\":\"a.safetensors\"");
  }

  @Test
  void fuse_fitGradient_isWrittenWithTheWeights() {
    Typed fused =
        fuse("--method", "interpolate", "--data", DATA, "--samples", 100, "--fit", "gradient");
    assertThat(fused.code()).as(fused.err()).isZero();
    Typed shown = type("inspect", folder.resolve("f.safetensors"));
    assertThat(shown.out()).contains("\"fit\":\"gradient\"");
  }

  @Test
  void fuse_classWeights_areWrittenWithTheWeights() {
    Object[] balanced = {"--data", DATA, "--samples", 100, "--class-weights", "balanced"};
    Typed fused = fuse(with(new Object[] {"--method", "interpolate"}, balanced));
    assertThat(fused.code()).as(fused.err()).isZero();
    assertThat(type("inspect", folder.resolve("f.safetensors")).out())
        .contains("\"class-weights\":\"balanced\"");

    Typed refused = fuse(with(new Object[] {"--method", "average"}, balanced));
    assertThat(refused.code()).isEqualTo(2);
    assertThat(refused.err()).contains("--class-weights");
  }

  @Test
  void fuse_levelBudget_isKeptToAndWrittenWithTheWeights() throws IOException {
    Path report = folder.resolve("r.json");
    Object[] budget = {"--data", DATA, "--samples", 100, "--level-budget", 0.5, "--report", report};
    Typed fused = fuse(with(new Object[] {"--method", "interpolate"}, budget));
    assertThat(fused.code()).as(fused.err()).isZero();
    JsonNode first = new ObjectMapper().readTree(report.toFile()).get("steps").get(0);
    assertThat(first.get("inputs").asInt()).isEqualTo(785);
    assertThat(first.get("columns").asInt()).isEqualTo(362); // 361 * 362 / 2 * 8 bytes < 0.5 MiB
    assertThat(type("inspect", folder.resolve("f.safetensors")).out())
        .contains("level-budget: 65536");

    Typed refused = fuse(with(new Object[] {"--method", "transplant"}, budget));
    assertThat(refused.code()).isEqualTo(2);
    assertThat(refused.err()).contains("--level-budget");
  }

  @Test
  void fuse_sameSeed_sameBytes() throws IOException {
    fuse("--method", "interpolate", "--data", DATA, "--samples", 200);
    byte[] first = Files.readAllBytes(folder.resolve("f.safetensors"));
    fuse("--method", "interpolate", "--data", DATA, "--samples", 200);
    assertThat(Files.readAllBytes(folder.resolve("f.safetensors"))).isEqualTo(first);
  }

  @Test
  void fuse_aMemberTwice_warnsOnStderrAndInTheReport() throws IOException {
    Path report = folder.resolve("report.json");

    Typed fused = fuse("--method", "transplant", "--member", a, "--report", report);

    assertThat(fused.code()).as(fused.err()).isZero();
    assertThat(fused.err()).contains("warning: members a.safetensors and a.safetensors are nearly");
    JsonNode warnings = new ObjectMapper().readTree(Files.readString(report)).get("warnings");
    assertThat(warnings).hasSize(1);
    assertThat(fused.err()).contains(warnings.get(0).asText());
  }

  @Test
  void fuse_tunedTransplant_saysWhatItWasTrainedOn() throws IOException {
    Typed fused =
        fuse(
            "--method",
            "transplant",
            "--variant",
            "merge-tune-prune",
            "--order",
            "iterative",
            "--tuning-epochs",
            2,
            "--data",
            DATA,
            "--samples",
            100);

    assertThat(fused.code()).as(fused.err()).isZero();
    assertThat(type("inspect", folder.resolve("f.safetensors")).out())
        .contains("merge-tune-prune", "iterative", DATA);
  }

  @Test
  void fuse_wrongUse_isOneLineAndExitCode2AndWritesNothing() throws IOException {
    Path foreign = folder.resolve("foreign.safetensors");
    Files.writeString(foreign, "PK not a weights file at all");
    Typed[] answers = {
      fuse("--method", "interpolate"),
      fuse("--method", "sum"),
      fuse("--method", "interpolate", "--data", DATA, "--grouping", "astrology"),
      fuse("--method", "average", "--grouping", "select"),
      fuse("--method", "interpolate", "--fit", "gradient"),
      fuse("--method", "interpolate", "--data", DATA, "--fit", "astrology"),
      fuse("--method", "transplant", "--fit", "gradient"),
      fuse("--method", "transplant", "--ranking", "scores"),
      fuse("--method", "transplant", "--variant", "merge-tune-prune"),
      fuse("--method", "transplant", "--tuning-epochs", 2),
      fuse("--method", "average", "--order", "recursive"),
      fuse("--method", "average", "--report", a),
      fuse("--method", "average", "--member", foreign),
      fuse("--method", "average", "--member", folder.resolve("none.safetensors")),
      fuse("--method", "average", "--report", folder.resolve("no/such/folder.json")),
      fuse("--method", "interpolate", "--data", "mnist:" + folder),
      fuse("--method", "distill"),
      fuse("--method", "distill", "--data", DATA, "--epochs", 0),
      fuse("--method", "average", "--temperature", 2),
      fuse("--method", "interpolate", "--data", DATA, "--ridge", "-0.1"),
      fuse("--method", "interpolate", "--data", DATA, "--head", "share"),
      fuse("--method", "transplant", "--scores", "taylor"),
      fuse("--method", "average", "--scores", "taylor", "--data", DATA),
      fuse("--method", "average", "--report", folder.resolve("f.safetensors")),
      fuse("--method", "transplant", "--member-scores", a, "--member-scores", b),
    };
    for (Typed answer : answers) {
      assertThat(answer.code()).as(answer.err()).isEqualTo(2);
      assertThat(answer.err().lines().filter(line -> !line.contains("%"))).hasSize(1);
      assertThat(answer.out()).isEmpty();
    }
    assertThat(folder.resolve("f.safetensors")).doesNotExist();
  }

  @Test
  void fuse_membersThatDoNotFit_isRefusedBeforeDataIsRead() throws IOException {
    Path wide = folder.resolve("wide.yaml");
    Files.writeString(
        wide, "{family: mlp, widths: [20], classes: 10, input: {shape: [1, 28, 28]}}");
    Path deep = folder.resolve("deep.yaml");
    Files.writeString(
        deep, "{family: mlp, widths: [16, 8], classes: 10, input: {shape: [1, 28, 28]}}");
    String nowhere = "mnist:" + folder;

    Typed hungarian =
        fuse(
            "--method",
            "interpolate",
            "--grouping",
            "hungarian",
            "--data",
            nowhere,
            "--member",
            "none.safetensors:" + wide);
    Typed chain = fuse("--method", "transplant", "--member", "none.safetensors:" + deep);

    assertThat(hungarian.code()).isEqualTo(2);
    assertThat(hungarian.err())
        .contains("member none.safetensors: has 20 units instead of 16 in levels.0.1")
        .contains("interpolate-hungarian needs members as wide as the fused network")
        .hasLineCount(1);
    assertThat(chain.code()).isEqualTo(2);
    assertThat(chain.err())
        .contains("member none.safetensors: has 3 levels and 10 classes, the fused network 2")
        .hasLineCount(1);
  }

  private Typed score(Path weights, Path out, Object... more) {
    Object[] words = {
      "score",
      "--network",
      network,
      "--weights",
      weights,
      "--data",
      DATA,
      "--threads",
      1,
      "--out",
      out
    };
    return type(with(words, more));
  }

  @Test
  void score_file_isWhatFuseWeighsMembersBy() throws IOException {
    Path sa = folder.resolve("sa.safetensors");
    Path sb = folder.resolve("sb.safetensors");
    Typed scored = score(a, sa, "--samples", 100);
    assertThat(scored.code()).as(scored.err()).isZero();
    assertThat(scored.out())
        .contains("| levels.0.1 |    16 |", "| levels.1.1 |    10 |")
        .contains("scores by conductance on 100 examples");
    assertThat(score(b, sb, "--samples", 100).code()).isZero();

    Path fused = folder.resolve("f.safetensors");
    String[] ranked = {"--method", "transplant", "--ranking", "scores"};
    assertThat(fuse(with(ranked, "--member-scores", sa, "--member-scores", sb)).code()).isZero();
    Map<String, FloatBuffer> byFiles = tensors(fused);
    fuse(with(ranked, "--scores", "conductance", "--data", DATA, "--samples", 100));
    assertThat(tensors(fused).equals(byFiles)).isTrue();
    try (SafetensorsFile file = SafetensorsFile.open(fused)) {
      assertThat(file.metadata()).containsEntry("scores", "conductance, 10 steps");
      assertThat(file.metadata()).containsKey("data");
    }
    fuse(with(ranked, "--member-scores", sb, "--member-scores", sa));
    assertThat(tensors(fused).equals(byFiles)).isFalse();
  }

  private static Map<String, FloatBuffer> tensors(Path weights) {
    Map<String, FloatBuffer> tensors = new TreeMap<>();
    try (SafetensorsFile file = SafetensorsFile.open(weights)) {
      file.tensors()
          .forEach(
              (name, entry) -> {
                long size = entry.shape().stream().reduce(1L, (x, y) -> x * y);
                FloatBuffer values = FloatBuffer.allocate((int) size);
                file.read(name, values);
                tensors.put(name, values.rewind());
              });
    }
    return tensors;
  }

  private static Object[] with(Object[] words, Object... more) {
    Object[] all = Arrays.copyOf(words, words.length + more.length, Object[].class);
    System.arraycopy(more, 0, all, words.length, more.length);
    return all;
  }

  @Test
  void score_normalised_sumsToOneInEveryGroup() throws IOException {
    Typed scored =
        score(
            a,
            folder.resolve("s.safetensors"),
            "--method",
            "taylor",
            "--normalised",
            "--format",
            "json");
    JsonNode groups = new ObjectMapper().readTree(scored.out()).get("groups");
    assertThat(groups.size()).isEqualTo(2);
    for (JsonNode group : groups) {
      assertThat(group.get("sum").asDouble()).isCloseTo(1, within(1e-5));
      assertThat(group.get("min").asDouble()).isLessThanOrEqualTo(group.get("median").asDouble());
      assertThat(group.get("median").asDouble()).isLessThan(group.get("max").asDouble());
    }
  }

  @Test
  void score_wrongUse_isOneLineAndExitCode2AndWritesNothing() throws IOException {
    Path out = folder.resolve("s.safetensors");
    Path vit = folder.resolve("vit.yaml");
    Files.writeString(
        vit,
        "{family: vit, width: 8, heads: 2, mlp: 8, depth: 1, classes: 10, input: {shape: [1, 28, 28]}}");
    Typed[] answers = {
      score(a, out, "--samples", 0),
      score(a, out, "--steps", 0),
      score(a, a),
      score(folder.resolve("none.safetensors"), out),
      type(
          "score",
          "--network",
          vit,
          "--weights",
          a,
          "--data",
          "mnist:" + folder,
          "--method",
          "deeplift",
          "--out",
          out,
          "--threads",
          1),
    };
    for (Typed answer : answers) {
      assertThat(answer.code()).as(answer.err()).isEqualTo(2);
      assertThat(answer.err().lines()).hasSize(1);
      assertThat(answer.out()).isEmpty();
    }
    assertThat(answers[4].err()).contains("deeplift has no rule for attention");
    assertThat(out).doesNotExist();
  }

  @Test
  void help_scores_namesEveryMethod() {
    for (String command : new String[] {"fuse", "score"}) {
      String help = type(command, "--help").out();
      for (ScoreMethod method : ScoreMethod.values()) {
        assertThat(help).contains(ConfigNode.word(method));
      }
    }
    for (String method : FusionMethod.WORDS) {
      assertThat(type("fuse", "--help").out()).contains(method);
    }
  }

  @Test
  void evaluate_unknownOption_namesItAndPointsToHelp() {
    Typed answer = type("evaluate", "--colour", "red");
    assertThat(answer.code()).isEqualTo(2);
    assertThat(answer.err()).contains("--network").contains("neurograft evaluate --help");
  }

  @Test
  void help_everyCommand_tellsItsOptions() {
    for (String command : Neurograft.commandLine().getSubcommands().keySet()) {
      Typed answer = type(command, "--help");
      assertThat(answer.code()).isZero();
      assertThat(answer.out()).contains("Usage: neurograft " + command);
    }
  }

  @Test
  void partition_json_countsEveryExampleOnce() throws IOException {
    Typed answer = type("partition", "--data", DATA, "--sites", 3, "--format", "json");
    long examples = 0;
    for (JsonNode site : new ObjectMapper().readTree(answer.out())) {
      examples += site.get("examples").asLong();
    }
    assertThat(examples).isEqualTo(300);
  }

  @Test
  void inspect_specification_showsShapes() {
    assertThat(type("inspect", network).out()).contains("level 1", "group 1", "12,730 parameters");
    assertThat(type("inspect", network, "--members", 2).out()).contains("|     785 |");
    assertThat(type("inspect", network, "--members", 2, "--level-budget", 0.5).out())
        .contains("|     362 |");
  }
}
