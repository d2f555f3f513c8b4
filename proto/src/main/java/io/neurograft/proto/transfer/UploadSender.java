package io.neurograft.proto.transfer;

import io.grpc.stub.ClientCallStreamObserver;
import io.neurograft.proto.artifact.ArtifactFolder;
import io.neurograft.proto.artifact.Digest;
import io.neurograft.proto.v1.Artifact;
import io.neurograft.proto.v1.Compression;
import io.neurograft.proto.v1.UploadArtifactResponse;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * One attempt to upload: sends the header, waits for its turn and the offset, and pumps chunks from
 * there while the transport is ready.
 */
final class UploadSender extends Attempt<Part, UploadArtifactResponse> {
  private final ArtifactFolder folder;
  private final Artifact artifact;
  private final Compression wanted;
  private final TransferMeter meter;
  private @Nullable ClientCallStreamObserver<Part> out;
  private @Nullable ChunkSender sender;
  private boolean headerSent;

  /**
   * @param wanted how chunks are compressed if the coordinator reads that
   */
  UploadSender(ArtifactFolder folder, Artifact artifact, Compression wanted, TransferMeter meter) {
    this.folder = folder;
    this.artifact = artifact;
    this.wanted = wanted;
    this.meter = meter;
  }

  @Override
  void started(ClientCallStreamObserver<Part> stream) {
    out = stream;
    stream.setOnReadyHandler(() -> react(this::pump));
  }

  @Override
  void received(UploadArtifactResponse response) throws IOException {
    if (response.getComplete()) {
      succeed();
    } else if (sender == null && out != null && !response.getWaiting()) {
      sender =
          new ChunkSender(
              out,
              folder.read(new Digest(artifact.getDigest()), response.getStored()),
              response.getCompressionsList().contains(wanted)
                  ? wanted
                  : Compression.COMPRESSION_UNSPECIFIED,
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
      out.onNext(new Part.Header(artifact));
    } else if (sender != null) {
      sender.pump();
    }
  }
}
