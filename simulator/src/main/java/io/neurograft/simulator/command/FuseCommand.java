package io.neurograft.simulator.command;

import ai.djl.ndarray.NDManager;
import io.neurograft.fusion.Fused;
import io.neurograft.fusion.Fusion;
import io.neurograft.fusion.FusionData;
import io.neurograft.fusion.FusionMethod;
import io.neurograft.fusion.FusionReport;
import io.neurograft.fusion.Member;
import io.neurograft.fusion.Provenance;
import io.neurograft.neural.Progress;
import io.neurograft.neural.attribution.Attribution;
import io.neurograft.neural.attribution.ScoreMethod;
import io.neurograft.neural.attribution.Scores;
import io.neurograft.neural.config.InvalidInputException;
import io.neurograft.neural.data.Batches;
import io.neurograft.neural.data.DataUri;
import io.neurograft.neural.data.Dataset;
import io.neurograft.neural.data.Samples;
import io.neurograft.neural.data.Split;
import io.neurograft.neural.network.Network;
import io.neurograft.neural.network.NetworkSpec;
import io.neurograft.neural.network.Weights;
import io.neurograft.neural.tensor.Compute;
import io.neurograft.proto.artifact.Digest;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code neurograft fuse}: makes one network of several members' files. */
@Command(
    name = "fuse",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = "Fuses members into one network.")
final class FuseCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Option(
      names = "--network",
      required = true,
      paramLabel = "N.yaml",
      description = "The specification of the fused network, and of its members.")
  private Path network;

  @Option(
      names = "--member",
      required = true,
      paramLabel = "A.safetensors[:A.yaml]",
      converter = MemberFile.Converter.class,
      description = "A member, once for each; with a network of its own where its widths differ.")
  private List<MemberFile> members;

  @Mixin private MethodOptions method;

  @Option(
      names = "--out",
      required = true,
      paramLabel = "F.safetensors",
      description = "Where the fused weights go.")
  private Path out;

  @Option(
      names = "--report",
      paramLabel = "R.json",
      description = "Where a report goes: method, errors per level, seconds per phase.")
  private @Nullable Path report;

  @Option(
      names = "--data",
      paramLabel = "URI",
      description =
          "Data whose training split gives moments and scores: glyphs, mnist:DIR, cifar10:DIR, "
              + "cifar100:DIR, images:DIR or csv:FILE?label=COLUMN.")
  private @Nullable String data;

  @Option(
      names = "--samples",
      defaultValue = "2000",
      paramLabel = "N",
      description = "How many of its examples, drawn by class. Default: 2000.")
  private int samples;

  @Option(
      names = "--scores",
      defaultValue = "UNIFORM",
      paramLabel = "S",
      description = "How units are weighted: uniform (default), conductance or deeplift.")
  private ScoreMethod scores;

  @Option(
      names = "--score-steps",
      defaultValue = "10",
      paramLabel = "N",
      description = "Steps of scores that integrate. Default: 10.")
  private int scoreSteps;

  @Option(
      names = "--class-counts",
      paramLabel = "N,N,..",
      description =
          "How many examples of each class a member was trained on, once for each member in their "
              + "order; --head share weighs the members by them.")
  private List<String> classCounts = List.of();

  @Option(
      names = "--seed",
      defaultValue = "42",
      paramLabel = "N",
      description = "Seed of all that is drawn. Default: 42.")
  private long seed;

  @Mixin private EngineOptions engine;

  @Override
  public Integer call() {
    FusionMethod chosen = method.read();
    NetworkSpec target = NetworkSpec.read(network);
    requireUsable(chosen);
    List<List<Long>> counts = classCounts(target);
    engine.start();
    Optional<Dataset> examples = Optional.ofNullable(data).map(this::examples);
    try (NDManager scope = Compute.newManager();
        Terminal terminal = new Terminal("fusing", spec.commandLine().getErr())) {
      List<Member> read = readMembers(target, counts, examples, scope, terminal.part(0, 0.5));
      try (Fused fused =
          new Fusion(System::nanoTime)
              .fuse(
                  target,
                  read,
                  chosen,
                  examples.map(e -> FusionData.of(e, seed)).orElse(FusionData.NONE),
                  seed,
                  scope,
                  terminal.part(0.5, 1))) {
        write(target, chosen, examples, fused);
      }
    }
    return 0;
  }

  /** The class counts of each member; empty where none are given. */
  private List<List<Long>> classCounts(NetworkSpec target) {
    if (classCounts.isEmpty()) {
      return members.stream().map(member -> List.<Long>of()).toList();
    }
    if (classCounts.size() != members.size()) {
      throw new InvalidInputException(
          "--class-counts",
          "expected one for each of %d members, found %d"
              .formatted(members.size(), classCounts.size()));
    }
    return classCounts.stream().map(text -> counts(text, target.classes())).toList();
  }

  private static List<Long> counts(String text, int classes) {
    List<String> words = List.of(text.split(",", -1));
    if (words.size() != classes || !words.stream().allMatch(w -> w.matches("\\d{1,18}"))) {
      throw new InvalidInputException(
          "--class-counts", "expected " + classes + " numbers with commas, found " + text);
    }
    return words.stream().map(Long::valueOf).toList();
  }

  private void requireUsable(FusionMethod chosen) {
    if (samples < 1) {
      throw new InvalidInputException("--samples", "expected at least 1, found " + samples);
    }
    if (scoreSteps < 1) {
      throw new InvalidInputException("--score-steps", "expected at least 1, found " + scoreSteps);
    }
    if (data == null && chosen.needsData()) {
      throw new InvalidInputException(
          "--data", "is missing; " + chosen.label() + " fuses by examples");
    }
    if (data == null && scores != ScoreMethod.UNIFORM) {
      throw new InvalidInputException("--data", "is missing; these scores are taken from it");
    }
    if (scores == ScoreMethod.UNIFORM
        && chosen instanceof FusionMethod.Transplant transplant
        && transplant.ranking().needsScores()) {
      throw new InvalidInputException(
          "--ranking", "ranks by scores, which are all the same here; give --scores and --data");
    }
    for (Path file : report == null ? List.of(out) : List.of(out, report)) {
      Path folder = file.toAbsolutePath().getParent();
      if (Files.isDirectory(file)) {
        throw new InvalidInputException(file.toString(), "expected a file, found a folder");
      }
      if (folder == null || !Files.isDirectory(folder)) {
        throw new InvalidInputException(file.toString(), "expected a file in a folder that exists");
      }
      if (inputs().anyMatch(input -> same(input, file))) {
        throw new InvalidInputException(
            file.toString(), "is read by this fusion and must not be overwritten");
      }
    }
  }

  private Stream<Path> inputs() {
    return Stream.concat(
        Stream.of(network),
        members.stream().flatMap(m -> Stream.concat(Stream.of(m.weights()), m.network().stream())));
  }

  private static boolean same(Path one, Path other) {
    try {
      return Files.exists(one) && Files.exists(other) && Files.isSameFile(one, other);
    } catch (IOException e) {
      throw new UncheckedIOException(other + " cannot be read", e);
    }
  }

  private Dataset examples(String uri) {
    Dataset train = DataUri.open(uri, Split.TRAIN);
    return train.subset(Samples.balanced(train, samples, seed));
  }

  private List<Member> readMembers(
      NetworkSpec target,
      List<List<Long>> counts,
      Optional<Dataset> examples,
      NDManager scope,
      Progress progress) {
    List<Member> read = new ArrayList<>();
    for (int i = 0; i < members.size(); i++) {
      MemberFile file = members.get(i);
      NetworkSpec own = file.network().map(NetworkSpec::read).orElse(target);
      Weights weights = Weights.read(file.weights(), own, scope);
      Progress part = progress.part((double) i / members.size(), (i + 1.0) / members.size());
      Scores scored =
          examples
              .map(
                  e ->
                      Attribution.score(
                          new Network(own, weights), e, Batches.all(e), scores, scoreSteps, part))
              .orElseGet(() -> Scores.uniform(own));
      String name = String.valueOf(file.weights().getFileName());
      read.add(new Member(name, own, weights, scored, counts.get(i), digest(file.weights())));
    }
    return read;
  }

  private static String digest(Path file) {
    try {
      return Digest.of(file).hex();
    } catch (IOException e) {
      throw new UncheckedIOException(file + " cannot be read", e);
    }
  }

  private void write(
      NetworkSpec target, FusionMethod chosen, Optional<Dataset> examples, Fused fused) {
    FusionReport made = fused.report();
    Provenance provenance = new Provenance(target, chosen, seed, Neurograft.version());
    made.members().forEach(member -> provenance.member(member.name(), member.digest()));
    if (chosen.needsData()) {
      examples.ifPresent(used -> provenance.data(String.valueOf(data), used));
    }
    fused.weights().write(out, provenance.texts());
    if (report != null) {
      try {
        Files.writeString(report, Json.write(made) + "\n");
      } catch (IOException e) {
        throw new UncheckedIOException(report + " cannot be written", e);
      }
    }
    double seconds = made.phases().values().stream().mapToDouble(Double::doubleValue).sum();
    spec.commandLine()
        .getOut()
        .printf(Locale.ROOT, "%s: %d members fused in %.2f s%n", out, members.size(), seconds);
  }
}
