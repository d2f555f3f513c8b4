package io.neurograft.client.task;

import ai.djl.ndarray.NDManager;
import io.neurograft.client.guard.Gatekeeper;
import io.neurograft.client.transfer.ArtifactRef;
import io.neurograft.client.transfer.ArtifactSource;
import io.neurograft.neural.Progress;
import io.neurograft.neural.config.ConfigNode;
import io.neurograft.neural.network.Network;
import io.neurograft.neural.network.NetworkSpec;
import io.neurograft.neural.network.Weights;
import io.neurograft.neural.training.Evaluation;
import io.neurograft.proto.artifact.ArtifactFolder;
import io.neurograft.proto.artifact.Digest;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Consumer;

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
    OpenFusion fusion) {
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
      long keptBytes) {
    this(data, member, artifacts, source, models, storing, keys, gate, new OpenFusion(keptBytes));
  }

  /**
   * Pulls a model.
   *
   * @throws io.neurograft.neural.config.InvalidInputException if it does not fit the network
   */
  Weights pull(ArtifactRef model, NetworkSpec spec, NDManager scope)
      throws IOException, InterruptedException {
    return Weights.read(source.pull(model), spec, scope);
  }

  /** Pulls any artifact. */
  Path pull(ArtifactRef artifact) throws IOException, InterruptedException {
    return source.pull(artifact);
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
