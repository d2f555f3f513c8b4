package io.neurograft.coordinator.conduct;

import ai.djl.ndarray.types.Shape;
import io.neurograft.coordinator.artifact.ArtifactStore;
import io.neurograft.coordinator.artifact.BorrowedFiles;
import io.neurograft.coordinator.conduct.Refusal.Reason;
import io.neurograft.coordinator.run.Federation;
import io.neurograft.coordinator.run.RunSpec;
import io.neurograft.coordinator.run.Score;
import io.neurograft.coordinator.run.TaskKey;
import io.neurograft.coordinator.store.Database;
import io.neurograft.coordinator.store.SentWeights;
import io.neurograft.coordinator.store.StoredSite;
import io.neurograft.coordinator.store.StoredTask;
import io.neurograft.coordinator.store.TaskResult;
import io.neurograft.neural.attribution.Scores;
import io.neurograft.neural.collection.MomentShapes;
import io.neurograft.neural.config.ConfigNode;
import io.neurograft.neural.config.Fault;
import io.neurograft.neural.config.InvalidInputException;
import io.neurograft.neural.exchange.AnswerFile;
import io.neurograft.neural.exchange.QuestionFile;
import io.neurograft.neural.masking.MaskingPublicKey;
import io.neurograft.neural.network.EncodingCost;
import io.neurograft.neural.network.NetworkSpec;
import io.neurograft.neural.network.WeightEncoding;
import io.neurograft.neural.network.Weights;
import io.neurograft.neural.safetensors.SafetensorsFile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Looks at what a site sends before anybody uses it: artifacts are here, hold what the task asks
 * for, fit the network, and hold finite values; figures are within what the site said it has.
 */
final class Intake {
  private final Database database;
  private final ArtifactStore artifacts;

  Intake(Database database, ArtifactStore artifacts) {
    this.database = database;
    this.artifacts = artifacts;
  }

  /**
   * Checks a result.
   *
   * @return the result, with what was sent for its weights
   * @throws Refusal NOT_READY if an artifact was not uploaded: then the site can mend it
   * @throws InvalidInputException if the result does not fit the task: then it cannot
   */
  TaskResult check(StoredTask task, StoredSite site, RunSpec spec, TaskResult result) {
    try (BorrowedFiles files = artifacts.borrow()) {
      return check(files, task, site, spec, result);
    }
  }

  private TaskResult check(
      BorrowedFiles files, StoredTask task, StoredSite site, RunSpec spec, TaskResult result) {
    TaskKey key = task.key();
    Optional<Path> weights = result.weights().map(digest -> find(files, digest));
    Optional<Path> scores = result.scores().map(digest -> find(files, digest));
    Optional<Path> moments = result.moments().map(digest -> find(files, digest));
    Optional<Path> publicKey = result.publicKey().map(digest -> find(files, digest));
    List<Fault> faults = new ArrayList<>();
    boolean trains =
        switch (key.kind()) {
          case TRAIN -> {
            require(faults, weights.isPresent(), "artifacts", "expected weights, found none");
            require(faults, scores.isPresent(), "artifacts", "expected scores, found none");
            boolean masks = spec.federated().filter(Federation::secure).isPresent();
            require(
                faults,
                publicKey.isPresent() || !masks,
                "artifacts",
                "expected a public key for masks, found none");
            yield true;
          }
          case FINE_TUNE -> {
            require(faults, weights.isPresent(), "artifacts", "expected weights, found none");
            yield true;
          }
          case MOMENTS -> {
            require(faults, moments.isPresent(), "artifacts", "expected moments, found none");
            yield false;
          }
          case EVALUATE, ADOPT -> false;
        };
    long examples = result.trainingExamples();
    long least = trains ? 1 : 0;
    require(
        faults,
        examples >= least && examples <= site.examples(),
        "training_examples",
        "expected %d to %d, which the site holds, found %d"
            .formatted(least, site.examples(), examples));
    check(faults, "before", result.before(), site);
    check(faults, "after", result.after(), site);
    require(
        faults,
        Double.isFinite(result.seconds()) && result.seconds() >= 0,
        "seconds",
        "expected 0 or more, found " + result.seconds());
    if (!faults.isEmpty()) {
      throw new InvalidInputException("result", faults);
    }
    weights.ifPresent(file -> checkWeights(result.weights(), file, spec.network()));
    moments.ifPresent(file -> readMoments(files, result.moments(), file, task, spec.network()));
    publicKey.ifPresent(file -> readKey(result.publicKey(), file));
    scores.ifPresent(file -> readScores(result.scores(), file, spec.network()));
    return result.with(weights.map(file -> sent(result.weights(), file, spec)));
  }

  /** As what it was uploaded says nothing: somebody else may have sent the same bytes first. */
  private static Path find(BorrowedFiles files, String digest) {
    return files
        .find(digest)
        .orElseThrow(
            () ->
                new Refusal(
                    Reason.NOT_READY,
                    "artifact " + digest + " was not uploaded; upload it, then report"));
  }

  private static void checkWeights(Optional<String> digest, Path file, NetworkSpec network) {
    try {
      Weights.check(file, network);
      if (network.parameters().isEmpty()) {
        throw new InvalidInputException("weights", "expected at least one tensor");
      }
    } catch (InvalidInputException e) {
      throw named("weights", digest, e);
    }
  }

  /** Tells by the file what it cost to encode it; nothing is encoded that was not asked for. */
  private static SentWeights sent(Optional<String> digest, Path file, RunSpec spec) {
    try (SafetensorsFile tensors = SafetensorsFile.open(file)) {
      long bytes = Files.size(file);
      Optional<EncodingCost> cost = EncodingCost.from(tensors.metadata());
      if (cost.isPresent() && cost.get().encoding() != spec.transfer().weights()) {
        throw new InvalidInputException(
            "weights " + digest.orElse(""),
            "expected the encoding %s, found %s"
                .formatted(
                    ConfigNode.word(spec.transfer().weights()),
                    ConfigNode.word(cost.get().encoding())));
      }
      if (cost.isPresent()) {
        checkOriginal(digest, cost.get().originalBytes(), bytes, spec.network());
      }
      return cost.map(
              told ->
                  new SentWeights(
                      told.encoding(),
                      bytes,
                      told.originalBytes(),
                      told.error(),
                      told.largestError()))
          .orElse(new SentWeights(WeightEncoding.NONE, bytes, bytes, 0, 0));
    } catch (IOException e) {
      throw new UncheckedIOException("weights cannot be read", e);
    }
  }

  /** The numbers in single precision, and no more beside them than in the file that was sent. */
  static void checkOriginal(Optional<String> digest, long told, long sent, NetworkSpec network) {
    long numbers =
        Float.BYTES * network.parameters().values().stream().mapToLong(Shape::size).sum();
    if (told < numbers || told > numbers + sent) {
      throw new InvalidInputException(
          "weights " + digest.orElse(""),
          "expected to be encoded from %d to %d bytes, found %d"
              .formatted(numbers, numbers + sent, told));
    }
  }

  /** All numbers that the question asks for, and finite. */
  private void readMoments(
      BorrowedFiles files,
      Optional<String> digest,
      Path file,
      StoredTask task,
      NetworkSpec network) {
    TaskKey key = task.key();
    Path asked =
        database
            .read(tables -> tables.exchanges().find(task.runId(), key.method(), key.round()))
            .flatMap(files::find)
            .orElseThrow(() -> new IllegalStateException("no question of " + task.id()));
    int members = database.read(tables -> tables.tasks().members(task.runId())).size();
    MomentShapes shapes = new MomentShapes(network, members);
    try (QuestionFile question = QuestionFile.open(asked, shapes);
        AnswerFile answer = AnswerFile.open(file, question.question(), shapes)) {
      answer.check();
    } catch (InvalidInputException e) {
      throw named("moments", digest, e);
    }
  }

  private static void readKey(Optional<String> digest, Path file) {
    try {
      if (Files.size(file) != MaskingPublicKey.LENGTH) {
        throw new InvalidInputException(
            "public key " + digest.orElse(""), "expected " + MaskingPublicKey.LENGTH + " bytes");
      }
      MaskingPublicKey.of(Files.readAllBytes(file));
    } catch (IOException e) {
      throw new UncheckedIOException("a public key cannot be read", e);
    }
  }

  private static void readScores(Optional<String> digest, Path file, NetworkSpec network) {
    try {
      Scores.read(file, network);
    } catch (InvalidInputException e) {
      throw named("scores", digest, e);
    }
  }

  /** The same faults, of an artifact rather than of a path on this machine. */
  private static InvalidInputException named(
      String what, Optional<String> digest, InvalidInputException e) {
    return new InvalidInputException(what + " " + digest.orElse(""), e.faults());
  }

  private static void check(
      List<Fault> faults, String place, Optional<Score> score, StoredSite site) {
    if (score.isEmpty()) {
      return;
    }
    Score found = score.get();
    require(
        faults,
        found.examples() <= site.heldBack(),
        place + ".examples",
        "expected at most " + site.heldBack() + ", which the site holds back");
    require(
        faults,
        found.correct() >= 0 && found.correct() <= found.examples(),
        place + ".correct",
        "expected 0 to " + found.examples() + ", found " + found.correct());
    require(
        faults,
        found.loss() >= 0, // infinite where the model that it was given is beyond its numbers
        place + ".loss",
        "expected 0 or more, found " + found.loss());
  }

  private static void require(List<Fault> faults, boolean holds, String place, String message) {
    if (!holds) {
      faults.add(new Fault(place, message));
    }
  }
}
