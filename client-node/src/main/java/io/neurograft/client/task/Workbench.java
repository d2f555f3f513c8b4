package io.neurograft.client.task;

import ai.djl.ndarray.NDManager;
import io.neurograft.client.guard.Gatekeeper;
import io.neurograft.client.transfer.ArtifactRef;
import io.neurograft.client.transfer.ArtifactSource;
import io.neurograft.neural.Progress;
import io.neurograft.neural.config.ConfigNode;
import io.neurograft.neural.network.EncodedWeights;
import io.neurograft.neural.network.EncodingCost;
import io.neurograft.neural.network.Network;
import io.neurograft.neural.network.NetworkSpec;
import io.neurograft.neural.network.WeightEncoding;
import io.neurograft.neural.network.Weights;
import io.neurograft.neural.training.Evaluation;
import io.neurograft.proto.artifact.ArtifactFolder;
import io.neurograft.proto.artifact.Digest;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the tasks of a site share.
 *
 * @param data the site's examples
 * @param member weights that the site brings instead of training a member
 * @param artifacts the site's folder of artifacts
 * @param source where models are pulled from
 * @param models the folder of published models
 * @param storing how all this is brought to disk
 * @param keys the site's keys for masks
 * @param gate stands before every answer about the examples
 * @param fusion the fusion that the site was asked about last
 * @param transfer how the artifacts of the task at hand travel
 * @param deviation what the site does otherwise than it should
 */
public record Workbench(
    SiteData data,
    Optional<Path> member,
    ArtifactFolder artifacts,
    ArtifactSource source,
    Path models,
    Storing storing,
    RunKeys keys,
    Gatekeeper gate,
    OpenFusion fusion,
    TransferSettings transfer,
    Deviation deviation) {
  private static final Logger LOG = LoggerFactory.getLogger(Workbench.class);

  /**
   * A bench with nothing open on it.
   *
   * @param keptBytes how much of what networks gave for the examples may stay in memory
   */
  public Workbench(
      SiteData data,
      Optional<Path> member,
      ArtifactFolder artifacts,
      ArtifactSource source,
      Path models,
      Storing storing,
      RunKeys keys,
      Gatekeeper gate,
      long keptBytes,
      Deviation deviation) {
    this(
        data,
        member,
        artifacts,
        source,
        models,
        storing,
        keys,
        gate,
        new OpenFusion(keptBytes),
        TransferSettings.PLAIN,
        deviation);
  }

  /** The same bench for a task whose artifacts travel in another way. */
  Workbench with(TransferSettings other) {
    return new Workbench(
        data, member, artifacts, source, models, storing, keys, gate, fusion, other, deviation);
  }

  /**
   * Pulls a model.
   *
   * @throws io.neurograft.neural.config.InvalidInputException if it does not fit the network
   */
  Weights pull(ArtifactRef model, NetworkSpec spec, NDManager scope)
      throws IOException, InterruptedException {
    return Weights.read(source.pull(model, transfer.packing()), spec, scope);
  }

  /** Pulls any artifact. */
  Path pull(ArtifactRef artifact) throws IOException, InterruptedException {
    return source.pull(artifact, transfer.packing());
  }

  /**
   * Has a file written and takes it over as an artifact; waits where the disk does not take it.
   *
   * @param progress hears that it waits
   */
  ArtifactRef make(ArtifactRef.Kind kind, Progress progress, Consumer<Path> writer)
      throws IOException, InterruptedException {
    return storing.store(ConfigNode.word(kind), progress, () -> make(kind, writer));
  }

  /** Brings an artifact to the coordinator. */
  void push(ArtifactRef artifact) throws IOException, InterruptedException {
    source.push(artifact, transfer.packing());
  }

  /**
   * Makes the artifact of weights, in the numbers that the task asks for.
   *
   * @param metadata texts of the file
   * @param progress hears that it waits
   */
  ArtifactRef makeWeights(Weights weights, Map<String, String> metadata, Progress progress)
      throws IOException, InterruptedException {
    return make(
        ArtifactRef.Kind.WEIGHTS,
        progress,
        file -> {
          weights.write(file, metadata);
          if (transfer.weights() != WeightEncoding.NONE) {
            encode(file);
          }
        });
  }

  private void encode(Path file) {
    try {
      Digest original = Digest.of(file);
      EncodingCost cost = EncodedWeights.write(file, original.hex(), transfer.weights(), file);
      LOG.info(
          "weights {} of {} bytes encoded as {}, relative error {}, of one tensor at most {}",
          original.brief(),
          cost.originalBytes(),
          ConfigNode.word(cost.encoding()),
          cost.error(),
          cost.largestError());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The artifact of the site's public key for a run. */
  ArtifactRef makeKey(String run, Progress progress) throws IOException, InterruptedException {
    byte[] key = keys.make(run).publicKey().bytes();
    return make(
        ArtifactRef.Kind.PUBLIC_KEY,
        progress,
        file -> {
          try {
            Files.write(file, key);
          } catch (IOException e) {
            throw new UncheckedIOException(e);
          }
        });
  }

  private ArtifactRef make(ArtifactRef.Kind kind, Consumer<Path> writer) throws IOException {
    Path file = artifacts.newFile();
    try {
      writer.accept(file);
      Digest digest = artifacts.add(file);
      return new ArtifactRef(digest, artifacts.size(digest), kind);
    } finally {
      Files.deleteIfExists(file); // has another name now, unless something failed
    }
  }

  /** Evaluates a network on the examples held back; empty where there are none. */
  Optional<Figures> evaluate(Network network, Progress progress) {
    if (data.heldBack().size() == 0) {
      return Optional.empty();
    }
    return Optional.of(Figures.of(Evaluation.of(network, data.heldBack(), progress)));
  }
}
