package io.neurograft.simulator.command;

import ai.djl.ndarray.NDManager;
import io.neurograft.fusion.Candidate;
import io.neurograft.fusion.Fused;
import io.neurograft.fusion.Fusion;
import io.neurograft.fusion.FusionData;
import io.neurograft.fusion.FusionMethod;
import io.neurograft.fusion.FusionReport;
import io.neurograft.fusion.Member;
import io.neurograft.fusion.Provenance;
import io.neurograft.fusion.interpolate.Head;
import io.neurograft.neural.Progress;
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
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
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
      description =
          "Where a report goes: method, warnings, errors per level, seconds per phase, and which "
              + "members' units each unit was made of.")
  private @Nullable Path report;

  @Option(
      names = "--data",
      paramLabel = "URI",
      description =
          "Data whose training split gives the examples for moments, training and scores: glyphs, mnist:DIR, cifar10:DIR, "
              + "cifar100:DIR, images:DIR or csv:FILE?label=COLUMN.")
  private @Nullable String data;

  @Option(
      names = "--samples",
      defaultValue = "2000",
      paramLabel = "N",
      description = "How many of its examples, drawn by class. Default: 2000.")
  private int samples;

  @Mixin private ScoreOptions scores;

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

  @Mixin private LevelBudgetOption levelBudget;

  @Mixin private KeptMemory kept;

  @Mixin private EngineOptions engine;

  @Override
  public Integer call() {
    FusionMethod chosen = method.read();
    NetworkSpec target = NetworkSpec.read(network);
    requireUsable(chosen);
    List<List<Long>> counts = classCounts(target);
    List<Candidate> candidates = candidates(target);
    Fusion.requireFit(target, candidates, chosen);
    Optional<List<Scores>> given =
        scores.read(candidates.stream().map(Candidate::network).toList());
    engine.start();
    List<String> warnings;
    try (NDManager scope = Compute.newManager();
        Terminal terminal = new Terminal("fusing", spec.commandLine().getErr())) {
      List<Network> networks = readMembers(candidates, scope);
      Optional<Dataset> examples = Optional.ofNullable(data).map(uri -> examples(uri, target));
      List<Member> read =
          score(candidates, networks, counts, given, examples, terminal.part(0, 0.5));
      try (Fused fused =
          new Fusion(System::nanoTime)
              .fuse(
                  target,
                  read,
                  chosen,
                  examples
                      .map(e -> FusionData.of(e, seed, kept.bytes(), levelBudget.read()))
                      .orElse(FusionData.NONE),
                  seed,
                  scope,
                  terminal.part(0.5, 1))) {
        write(target, chosen, examples, fused);
        warnings = fused.report().warnings();
      }
    }
    // Only now: the bar that the terminal shows would cut through them.
    warnings.forEach(warning -> spec.commandLine().getErr().println("warning: " + warning));
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
    scores.requireUsable(members.size(), data != null);
    if (data == null && chosen.needsData()) {
      throw new InvalidInputException(
          "--data", "is missing; " + chosen.label() + " needs examples");
    }
    if (scores.informed() && !chosen.usesScores()) {
      throw new InvalidInputException(
          scores.option(), chosen.label() + " does not weigh units by scores; leave it out");
    }
    if (!scores.informed() && chosen.needsScores()) {
      throw new InvalidInputException(
          "--ranking",
          "ranks by scores, which are all the same here; give --scores and --data, or --member-scores");
    }
    if (classCounts.isEmpty()
        && chosen instanceof FusionMethod.Interpolate interpolate
        && interpolate.head() == Head.SHARE) {
      throw new InvalidInputException(
          "--class-counts", "is missing; --head share weighs the members by them");
    }
    kept.bytes(); // refused here where it is wrong
    levelBudget.read();
    if (levelBudget.given() && !(chosen instanceof FusionMethod.Interpolate)) {
      throw new InvalidInputException(
          "--level-budget", "is an option of --method interpolate; leave it out");
    }
    OutputFile.require(out, inputs());
    if (report != null) {
      List<Path> others = inputs();
      others.add(out);
      OutputFile.require(report, others);
    }
  }

  private List<Path> inputs() {
    List<Path> inputs = new ArrayList<>(scores.inputs());
    inputs.add(network);
    Optional.ofNullable(data).flatMap(OutputFile::read).ifPresent(inputs::add);
    for (MemberFile member : members) {
      inputs.add(member.weights());
      member.network().ifPresent(inputs::add);
    }
    return inputs;
  }

  /** The members as far as they are known before their weights are read. */
  private List<Candidate> candidates(NetworkSpec target) {
    return members.stream()
        .map(
            file ->
                new Candidate(
                    String.valueOf(file.weights().getFileName()),
                    file.network().map(NetworkSpec::read).orElse(target)))
        .toList();
  }

  private Dataset examples(String uri, NetworkSpec target) {
    Dataset train = DataUri.open(uri, Split.TRAIN);
    Batches.requireFit(train, target.input());
    if (train.classes() > target.classes()) {
      throw new InvalidInputException(
          "--data",
          "it has %d classes, the network only %d".formatted(train.classes(), target.classes()));
    }
    return train.subset(Samples.balanced(train, samples, seed));
  }

  private List<Network> readMembers(List<Candidate> candidates, NDManager scope) {
    List<Network> networks = new ArrayList<>();
    for (int i = 0; i < members.size(); i++) {
      NetworkSpec own = candidates.get(i).network();
      networks.add(new Network(own, Weights.read(members.get(i).weights(), own, scope)));
    }
    return networks;
  }

  private List<Member> score(
      List<Candidate> candidates,
      List<Network> networks,
      List<List<Long>> counts,
      Optional<List<Scores>> given,
      Optional<Dataset> examples,
      Progress progress) {
    List<Member> scored = new ArrayList<>();
    for (int i = 0; i < members.size(); i++) {
      Network network = networks.get(i);
      Progress part = progress.part((double) i / members.size(), (i + 1.0) / members.size());
      scored.add(
          new Member(
              candidates.get(i).name(),
              network.spec(),
              network.weights(),
              given.isPresent() ? given.get().get(i) : scores.of(network, examples, part),
              counts.get(i),
              digest(members.get(i).weights())));
    }
    return scored;
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
    provenance.with("scores", scores.text(FuseCommand::digest));
    if (levelBudget.given()) {
      provenance.with("level-budget", Long.toString(levelBudget.read().numbers()));
    }
    if (chosen.needsData() || scores.computed()) {
      examples.ifPresent(used -> provenance.data(String.valueOf(data), used));
    }
    if (report != null) {
      OutputFile.write(report, Json.write(made) + "\n");
    }
    fused.weights().write(out, provenance.texts());
    double seconds = made.phases().values().stream().mapToDouble(Double::doubleValue).sum();
    spec.commandLine()
        .getOut()
        .printf(Locale.ROOT, "%s: %d members fused in %.2f s%n", out, members.size(), seconds);
  }
}
