package io.neurograft.proto.transfer;

import io.neurograft.proto.artifact.ArtifactFolder;
import io.neurograft.proto.artifact.Digest;
import io.neurograft.proto.artifact.IncomingArtifact;
import io.neurograft.proto.v1.Artifact;
import io.neurograft.proto.v1.Chunk;
import java.io.IOException;

/**
 * The incoming side of a transfer: writes chunks to an artifact folder. Whoever feeds it asks the
 * stream for the next chunk after {@link #accept} returns, so chunks wait at the sender, not here.
 */
final class ChunkReceiver implements AutoCloseable {
  private final IncomingArtifact incoming;
  private final TransferMeter meter;

  /**
   * @throws IllegalArgumentException if the digest is none
   * @throws io.neurograft.proto.artifact.ArtifactException if the folder refuses it
   */
  ChunkReceiver(ArtifactFolder folder, Artifact header, TransferMeter meter) throws IOException {
    this.incoming = folder.receive(new Digest(header.getDigest()), header.getSize());
    this.meter = meter;
  }

  long stored() {
    return incoming.stored();
  }

  boolean complete() {
    return incoming.complete();
  }

  void accept(Chunk chunk) throws IOException {
    incoming.append(chunk.getOffset(), chunk.getData().asReadOnlyByteBuffer(), chunk.getCrc32C());
    meter.received(chunk.getData().size());
  }

  @Override
  public void close() throws IOException {
    incoming.close();
  }
}
