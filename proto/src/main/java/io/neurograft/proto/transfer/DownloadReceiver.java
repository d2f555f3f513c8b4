package io.neurograft.proto.transfer;

import io.grpc.Status;
import io.grpc.stub.ClientCallStreamObserver;
import io.neurograft.proto.v1.Artifact;
import io.neurograft.proto.v1.DownloadArtifactRequest;
import io.neurograft.proto.v1.DownloadArtifactResponse;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * One attempt to download: checks the header, stores chunk by chunk, and asks for the next only
 * after one is stored.
 */
final class DownloadReceiver extends Attempt<DownloadArtifactRequest, DownloadArtifactResponse> {
  /** Messages asked for ahead, so that the disk and the network work at the same time. */
  private static final int AHEAD = 2;

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
  void received(DownloadArtifactResponse response) throws IOException {
    switch (response.getPartCase()) {
      case HEADER -> check(response.getHeader());
      case CHUNK -> receiver.accept(response.getChunk());
      case PART_NOT_SET ->
          throw Status.INTERNAL
              .withDescription("a response without header or chunk")
              .asRuntimeException();
    }
    if (receiver.complete()) {
      succeed();
    } else if (in != null) {
      in.request(1);
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
