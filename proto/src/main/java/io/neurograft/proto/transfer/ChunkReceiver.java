package io.neurograft.proto.transfer;

import io.neurograft.proto.artifact.ArtifactFolder;
import io.neurograft.proto.artifact.Digest;
import io.neurograft.proto.artifact.IncomingArtifact;
import io.neurograft.proto.v1.Artifact;
import java.io.IOException;
import java.nio.ByteBuffer;

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

  void accept(IncomingChunk chunk) throws IOException {
    int length = chunk.data().stream().mapToInt(ByteBuffer::remaining).sum();
    incoming.append(chunk.offset(), ChunkCompression.restore(chunk), chunk.crc32c());
    meter.received(length);
  }

  @Override
  public void close() throws IOException {
    incoming.close();
  }
}
