package io.neurograft.simulator.bench.transfer;

import io.grpc.ManagedChannel;
import io.neurograft.proto.artifact.ArtifactFolder;
import io.neurograft.proto.artifact.Digest;
import io.neurograft.proto.artifact.Packing;
import io.neurograft.proto.channel.Channels;
import io.neurograft.proto.channel.Endpoint;
import io.neurograft.proto.channel.TlsSettings;
import io.neurograft.proto.transfer.ArtifactClient;
import io.neurograft.proto.transfer.TransferMeter;
import io.neurograft.proto.v1.Artifact;
import io.neurograft.proto.v1.ArtifactKind;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Optional;
import java.util.SplittableRandom;

/** A site as far as transfers go: a folder of artifacts and a connection to a coordinator. */
final class Site implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofMinutes(5);
  private static final int BLOCK = 1 << 20;

  private final ArtifactFolder folder;
  private final ManagedChannel channel;
  private final ArtifactClient client;

  private Site(ArtifactFolder folder, ManagedChannel channel) {
    this.folder = folder;
    this.channel = channel;
    this.client = new ArtifactClient(channel, folder, PATIENCE, TransferMeter.NONE);
  }

  /** Opens a site in a folder, which may hold artifacts already. */
  static Site open(Path folder, Endpoint coordinator, Optional<TlsSettings> tls)
      throws IOException {
    return new Site(ArtifactFolder.open(folder), Channels.client(coordinator, tls).build());
  }

  /** Makes an artifact of seeded random bytes, which are on the disk when this returns. */
  Artifact make(long size, long seed) throws IOException {
    Path file = folder.newFile();
    SplittableRandom random = new SplittableRandom(seed);
    byte[] block = new byte[BLOCK];
    try (FileChannel out = FileChannel.open(file, StandardOpenOption.WRITE)) {
      for (long left = size; left > 0; left -= BLOCK) {
        random.nextBytes(block);
        ByteBuffer bytes = ByteBuffer.wrap(block, 0, (int) Math.min(BLOCK, left));
        while (bytes.hasRemaining()) {
          out.write(bytes);
        }
      }
    }
    return Artifact.newBuilder()
        .setDigest(folder.add(file).hex())
        .setSize(size)
        .setKind(ArtifactKind.ARTIFACT_KIND_WEIGHTS)
        .build();
  }

  /** The file of an artifact that is here. */
  Path file(Artifact artifact) throws IOException {
    return folder
        .find(new Digest(artifact.getDigest()))
        .orElseThrow(() -> new IOException("artifact " + artifact.getDigest() + " is not here"));
  }

  /** Sends an artifact; returns when the coordinator has checked and stored it. */
  void upload(Artifact artifact) throws IOException, InterruptedException {
    client.upload(artifact, Packing.NONE);
  }

  /** Fetches an artifact; returns when it is checked and stored here. */
  void download(Artifact artifact) throws IOException, InterruptedException {
    client.download(artifact, Packing.NONE);
  }

  /** Deletes an artifact here. */
  void delete(Artifact artifact) throws IOException {
    folder.delete(new Digest(artifact.getDigest()));
  }

  @Override
  public void close() {
    channel.shutdownNow();
  }
}
