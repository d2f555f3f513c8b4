package io.neurograft.proto.transfer;

import io.grpc.stub.ClientCallStreamObserver;
import io.neurograft.proto.artifact.ArtifactFolder;
import io.neurograft.proto.artifact.Digest;
import io.neurograft.proto.v1.Artifact;
import io.neurograft.proto.v1.UploadArtifactRequest;
import io.neurograft.proto.v1.UploadArtifactResponse;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * One attempt to upload: sends the header, waits for the offset, and pumps chunks from there while
 * the transport is ready.
 */
final class UploadSender extends Attempt<UploadArtifactRequest, UploadArtifactResponse> {
  private final ArtifactFolder folder;
  private final Artifact artifact;
  private final TransferMeter meter;
  private @Nullable ClientCallStreamObserver<UploadArtifactRequest> out;
  private @Nullable ChunkSender<UploadArtifactRequest> sender;
  private boolean headerSent;

  UploadSender(ArtifactFolder folder, Artifact artifact, TransferMeter meter) {
    this.folder = folder;
    this.artifact = artifact;
    this.meter = meter;
  }

  @Override
  void started(ClientCallStreamObserver<UploadArtifactRequest> stream) {
    out = stream;
    stream.setOnReadyHandler(() -> react(this::pump));
  }

  @Override
  void received(UploadArtifactResponse response) throws IOException {
    if (response.getComplete()) {
      succeed();
    } else if (sender == null && out != null) {
      sender =
          new ChunkSender<>(
              out,
              folder.read(new Digest(artifact.getDigest()), response.getStored()),
              chunk -> UploadArtifactRequest.newBuilder().setChunk(chunk).build(),
              meter);
      sender.pump();
    }
  }

  @Override
  void ended() {
    if (sender != null) {
      ArtifactEndpoint.closeQuietly(sender);
    }
  }

  private void pump() throws IOException {
    if (!headerSent && out != null) {
      headerSent = true;
      out.onNext(UploadArtifactRequest.newBuilder().setHeader(artifact).build());
    } else if (sender != null) {
      sender.pump();
    }
  }
}
