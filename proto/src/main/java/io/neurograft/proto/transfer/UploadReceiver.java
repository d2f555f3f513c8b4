package io.neurograft.proto.transfer;

import io.grpc.Status;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import io.neurograft.proto.artifact.ArtifactFolder;
import io.neurograft.proto.v1.Artifact;
import io.neurograft.proto.v1.ArtifactKind;
import io.neurograft.proto.v1.UploadArtifactRequest;
import io.neurograft.proto.v1.UploadArtifactResponse;
import java.io.IOException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One upload on its serving end: takes the header, answers from which offset to send, stores chunk
 * by chunk, and acknowledges each. gRPC calls it one message at a time, and brings a message only
 * after it was asked for.
 */
final class UploadReceiver implements StreamObserver<UploadArtifactRequest> {
  private static final Logger LOG = LoggerFactory.getLogger(UploadReceiver.class);

  private final ArtifactFolder folder;
  private final ArtifactCatalog catalog;
  private final TransferMeter meter;
  private final ServerCallStreamObserver<UploadArtifactResponse> responses;
  private @Nullable Artifact header;
  private @Nullable ChunkReceiver receiver;
  private boolean ended;

  UploadReceiver(
      ArtifactFolder folder,
      ArtifactCatalog catalog,
      TransferMeter meter,
      ServerCallStreamObserver<UploadArtifactResponse> responses) {
    this.folder = folder;
    this.catalog = catalog;
    this.meter = meter;
    this.responses = responses;
    responses.disableAutoRequest();
    responses.setOnCancelHandler(this::end);
    responses.request(1);
  }

  @Override
  public void onNext(UploadArtifactRequest request) {
    if (ended) {
      return;
    }
    try {
      switch (request.getPartCase()) {
        case HEADER -> begin(request.getHeader());
        case CHUNK -> chunk(request);
        case PART_NOT_SET -> throw new IllegalArgumentException("expected a header or a chunk");
      }
    } catch (IOException | RuntimeException e) {
      fail(e);
    }
  }

  @Override
  public void onError(Throwable t) {
    end();
  }

  @Override
  public void onCompleted() {
    if (!ended) {
      long stored = receiver == null ? 0 : receiver.stored();
      fail(new IllegalArgumentException("the upload ended early, at " + stored + " bytes"));
    }
  }

  private void begin(Artifact artifact) throws IOException {
    if (receiver != null) {
      throw new IllegalArgumentException("expected one header, found a second");
    }
    if (artifact.getKind() == ArtifactKind.ARTIFACT_KIND_UNSPECIFIED
        || artifact.getKind() == ArtifactKind.UNRECOGNIZED) {
      throw new IllegalArgumentException("expected the artifact's kind");
    }
    ChunkReceiver opened = new ChunkReceiver(folder, artifact, meter);
    header = artifact;
    receiver = opened;
    acknowledge(artifact, opened);
  }

  private void chunk(UploadArtifactRequest request) throws IOException {
    if (receiver == null || header == null) {
      throw new IllegalArgumentException("expected a header before the first chunk");
    }
    receiver.accept(request.getChunk());
    acknowledge(header, receiver);
  }

  private void acknowledge(Artifact artifact, ChunkReceiver stored) throws IOException {
    boolean complete = stored.complete();
    if (complete) {
      catalog.stored(artifact);
    }
    responses.onNext(
        UploadArtifactResponse.newBuilder()
            .setStored(stored.stored())
            .setComplete(complete)
            .build());
    if (complete) {
      end();
      responses.onCompleted();
    } else {
      responses.request(1);
    }
  }

  private void fail(Exception e) {
    end();
    Status status = TransferStatus.of(e);
    if (status.getCode() == Status.Code.INTERNAL) {
      LOG.error("an upload failed", e);
    }
    responses.onError(status.asRuntimeException());
  }

  private void end() {
    ended = true;
    if (receiver != null) {
      ArtifactEndpoint.closeQuietly(receiver);
    }
  }
}
