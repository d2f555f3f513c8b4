package io.neurograft.coordinator.fuse;

import io.neurograft.coordinator.run.Federation;
import io.neurograft.coordinator.run.NamedMethod;
import io.neurograft.coordinator.run.RunSpec;
import io.neurograft.coordinator.run.TaskKey;
import io.neurograft.coordinator.run.TaskKind;
import io.neurograft.coordinator.run.TaskState;
import io.neurograft.coordinator.store.StoredArtifact;
import io.neurograft.coordinator.store.StoredTask;
import io.neurograft.fusion.interpolate.Exchange;
import io.neurograft.neural.collection.MomentShapes;
import io.neurograft.neural.config.InvalidInputException;
import io.neurograft.neural.exchange.AnswerFile;
import io.neurograft.neural.exchange.MaskedSum;
import io.neurograft.neural.exchange.Masking;
import io.neurograft.neural.exchange.Question;
import io.neurograft.neural.exchange.QuestionFile;
import io.neurograft.neural.masking.MaskingPublicKey;
import io.neurograft.neural.masking.Roster;
import io.neurograft.neural.moments.NumberSource;
import io.neurograft.neural.network.Weights;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.CancellationException;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * Puts a fusion's questions to the sites of a run, as tasks, and adds what they answer, one after
 * another in the order of their names. A site that is lost at a question is not asked again. Asked
 * again after a restart, a question has the number it had, and what sites have answered counts.
 */
final class SiteExchange implements Exchange {
  private static final long POLL_MILLIS = 25;

  /**
   * One exchange, for the report.
   *
   * @param sites whose answers were added
   * @param bytes what they sent, all together
   * @param questionBytes what each of them was sent
   * @param noise the standard deviation of the noise in each number of the sum; 0 where there is
   *     none
   */
  record Entry(
      String question,
      List<String> sites,
      long bytes,
      long questionBytes,
      double noise,
      double seconds) {}

  /** What came: bytes, and the variance of the noise in the sum. */
  private record Received(long bytes, double variance) {
    static final Received NOTHING = new Received(0, 0);

    Received plus(Received other) {
      return new Received(bytes + other.bytes, variance + other.variance);
    }
  }

  private final Workshop workshop;
  private final String runId;
  private final RunSpec spec;
  private final Federation federation;
  private final NamedMethod method;
  private final MomentShapes shapes;
  private final Consumer<String> tell;
  private final SortedMap<String, StoredTask> sites = new TreeMap<>(); // that still take part
  private final SortedMap<String, String> lost = new TreeMap<>();
  private final List<Entry> entries = new ArrayList<>();
  private int number;

  /**
   * @param trained the tasks that the members come from, in the members' order
   */
  SiteExchange(
      Workshop workshop,
      String runId,
      RunSpec spec,
      NamedMethod method,
      List<StoredTask> trained,
      Consumer<String> tell) {
    this.workshop = workshop;
    this.runId = runId;
    this.spec = spec;
    this.federation = spec.federated().orElseThrow();
    this.method = method;
    this.shapes = new MomentShapes(spec.network(), trained.size());
    this.tell = tell;
    trained.forEach(task -> sites.put(task.key().site(), task));
  }

  /** All exchanges so far. */
  List<Entry> entries() {
    return entries;
  }

  /** The sites that were lost, with why. */
  SortedMap<String, String> lost() {
    return lost;
  }

  @Override
  public Answered ask(
      Question question, Weights fused, Predicate<String> fitted, Consumer<NumberSource> sum) {
    while (true) {
      long start = System.nanoTime();
      tell.accept(method.label() + ": asks " + sites.size() + " sites for " + question);
      Question put = federation.secure() ? question.masked(masking()) : question;
      StoredArtifact asked = put(put, fused, fitted);
      workshop.ask(sites.keySet().stream().map(this::key).toList());
      List<String> answered = new ArrayList<>();
      Received received =
          put.masking().isPresent() ? addMasked(put, sum, answered) : add(put, sum, answered);
      number++;
      if (answered.size() < federation.minimumSites()) {
        throw new InvalidInputException(
            "moments",
            "no quorum: %s answered by %d sites, %d are needed (%s)"
                .formatted(question, answered.size(), federation.minimumSites(), reasons()));
      }
      if (put.masking().isEmpty()
          || answered.size() == put.masking().get().roster().keys().size()) {
        double seconds = (System.nanoTime() - start) / 1e9;
        entries.add(
            new Entry(
                question.toString(),
                List.copyOf(answered),
                received.bytes(),
                asked.size(),
                Math.sqrt(received.variance()),
                seconds));
        return new Answered(List.copyOf(answered), received.variance());
      }
    }
  }

  private TaskKey key(String site) {
    return new TaskKey(site, TaskKind.MOMENTS, method.label(), number);
  }

  private Masking masking() {
    SortedMap<String, MaskingPublicKey> keys = new TreeMap<>();
    for (Map.Entry<String, StoredTask> entry : new TreeMap<>(sites).entrySet()) {
      String site = entry.getKey();
      MaskingPublicKey key = publicKey(entry.getValue());
      if (keys.containsValue(key)) {
        lose(site, "its public key is that of another site");
      } else {
        keys.put(site, key);
      }
    }
    if (sites.size() < federation.minimumSites()) {
      throw new InvalidInputException(
          "moments",
          "no quorum: %d sites are left for a masked sum, %d are needed (%s)"
              .formatted(sites.size(), federation.minimumSites(), reasons()));
    }
    return new Masking(
        runId + " " + method.label(), number, federation.fractionBits(), new Roster(keys));
  }

  private MaskingPublicKey publicKey(StoredTask task) {
    String digest = task.result().orElseThrow().publicKey().orElseThrow();
    try {
      return MaskingPublicKey.of(Files.readAllBytes(workshop.file(digest)));
    } catch (IOException e) {
      throw new UncheckedIOException("a site's public key cannot be read", e);
    }
  }

  /** Stores the question under the next number that is free, or that it has already. */
  private StoredArtifact put(Question question, Weights fused, Predicate<String> fitted) {
    StoredArtifact artifact =
        workshop.make(
            StoredArtifact.Kind.QUESTION,
            file -> QuestionFile.write(file, question, fused, fitted));
    Optional<String> known = workshop.question(runId, method.label(), number);
    if (known.isPresent() && !known.get().equals(artifact.digest())) {
      // Another question, asked before this coordinator was started. What it and those behind it
      // brought is void, so this one brings all.
      number = workshop.nextQuestion(runId, method.label());
      return put(question, fused, name -> true);
    }
    workshop.asked(runId, method.label(), number, artifact.digest());
    return artifact;
  }

  private Received add(Question question, Consumer<NumberSource> sum, List<String> answered) {
    Received received = Received.NOTHING;
    for (String site : List.copyOf(sites.keySet())) {
      if (await(site)) {
        received = received.plus(read(site, question, answer -> sum.accept(answer.numbers()::get)));
        answered.add(site);
      }
    }
    return received;
  }

  /** Adds nothing unless all have answered: fewer give no sum, and the question is asked again. */
  private Received addMasked(Question question, Consumer<NumberSource> sum, List<String> answered) {
    List<String> asked = List.copyOf(sites.keySet());
    asked.stream().filter(this::await).forEach(answered::add);
    if (!answered.equals(asked)) {
      workshop.forgetAnswers(runId, method.label(), number);
      return Received.NOTHING;
    }
    MaskedSum masked = new MaskedSum(question.numbers(shapes));
    Received received = Received.NOTHING;
    for (String site : asked) {
      received = received.plus(read(site, question, answer -> masked.add(answer.numbers())));
    }
    sum.accept(masked.numbers(question.masking().orElseThrow().fixedPoint()));
    return received;
  }

  private Received read(String site, Question question, Consumer<AnswerFile> use) {
    String digest =
        workshop
            .task(runId, key(site))
            .orElseThrow()
            .result()
            .orElseThrow()
            .moments()
            .orElseThrow();
    Path file = workshop.file(digest);
    try (AnswerFile answer = AnswerFile.open(file, question, shapes)) {
      use.accept(answer);
      return new Received(file.toFile().length(), answer.noise() * answer.noise());
    }
  }

  /** Waits until a site has answered; a site that will not is lost. */
  private boolean await(String site) {
    StoredTask task = settled(key(site));
    if (task.state() != TaskState.DONE) {
      lose(site, task.view().message());
      return false;
    }
    return true;
  }

  private void lose(String site, String why) {
    sites.remove(site);
    lost.put(site, why);
    tell.accept(method.label() + ": goes on without " + site + ": " + why);
  }

  private StoredTask settled(TaskKey key) {
    try {
      return workshop
          .turn()
          .during(
              () -> {
                while (true) {
                  Optional<StoredTask> task = workshop.task(runId, key);
                  if (task.isPresent() && settled(task.get())) {
                    return task.get();
                  }
                  if (!workshop.wanted(runId)) {
                    throw new CancellationException(runId + " has ended or is paused");
                  }
                  Thread.sleep(POLL_MILLIS);
                }
              });
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new CancellationException("the coordinator stops");
    }
  }

  private boolean settled(StoredTask task) {
    return switch (task.state()) {
      case DONE, DROPPED -> true;
      case FAILED -> task.view().failedForGood(spec.attempts()) || workshop.late(task);
      case OPEN -> false;
    };
  }

  private String reasons() {
    return lost.entrySet().stream()
        .map(entry -> entry.getKey() + ": " + entry.getValue())
        .collect(Collectors.joining("; "));
  }
}
