package io.neurograft.proto.transfer;

import io.grpc.Status;
import io.grpc.stub.ClientCallStreamObserver;
import io.neurograft.proto.v1.Artifact;
import io.neurograft.proto.v1.DownloadArtifactRequest;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * One attempt to download: checks the header, stores chunk by chunk, and asks for the next only
 * after one is stored.
 */
final class DownloadReceiver extends Attempt<DownloadArtifactRequest, Part> {
  /** Messages asked for ahead, so that the disk and the network work at the same time. */
  static final int AHEAD = 2;

  private final Artifact artifact;
  private final ChunkReceiver receiver;
  private @Nullable ClientCallStreamObserver<DownloadArtifactRequest> in;

  /** The receiver stays the caller's. */
  DownloadReceiver(Artifact artifact, ChunkReceiver receiver) {
    this.artifact = artifact;
    this.receiver = receiver;
  }

  @Override
  void started(ClientCallStreamObserver<DownloadArtifactRequest> stream) {
    in = stream;
    stream.disableAutoRequestWithInitial(AHEAD);
  }

  @Override
  void received(Part part) throws IOException {
    if (part instanceof Part.Header header) {
      check(header.artifact());
    } else if (part instanceof IncomingChunk chunk) {
      receiver.accept(chunk);
    } else {
      throw Status.INTERNAL
          .withDescription("a response without header or chunk: " + part)
          .asRuntimeException();
    }
    if (receiver.complete()) {
      succeed();
    } else if (in != null) {
      in.request(1);
    }
  }

  @Override
  void release(Part part) {
    if (part instanceof IncomingChunk chunk) {
      ArtifactEndpoint.closeQuietly(chunk);
    }
  }

  @Override
  void ended() {}

  private void check(Artifact header) {
    if (!header.getDigest().equals(artifact.getDigest())
        || header.getSize() != artifact.getSize()) {
      throw Status.FAILED_PRECONDITION
          .withDescription(
              "the coordinator offers artifact "
                  + header.getDigest()
                  + " of "
                  + header.getSize()
                  + " bytes, expected "
                  + artifact.getDigest()
                  + " of "
                  + artifact.getSize())
          .asRuntimeException();
    }
  }
}
