package io.neurograft.proto.transfer;

import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import io.neurograft.proto.artifact.ArtifactFolder;
import io.neurograft.proto.artifact.Digest;
import io.neurograft.proto.v1.Artifact;
import io.neurograft.proto.v1.ArtifactKind;
import io.neurograft.proto.v1.ArtifactServiceGrpc;
import io.neurograft.proto.v1.DownloadArtifactRequest;
import io.neurograft.proto.v1.DownloadArtifactResponse;
import io.neurograft.proto.v1.UploadArtifactRequest;
import io.neurograft.proto.v1.UploadArtifactResponse;
import java.io.IOException;
import java.nio.channels.FileChannel;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** ArtifactService over an artifact folder: the serving end of every transfer. */
public final class ArtifactEndpoint extends ArtifactServiceGrpc.ArtifactServiceImplBase {
  private static final Logger LOG = LoggerFactory.getLogger(ArtifactEndpoint.class);

  private final ArtifactFolder folder;
  private final ArtifactCatalog catalog;
  private final TransferMeter meter;

  /** An endpoint that stores to, and serves from, one folder. */
  public ArtifactEndpoint(ArtifactFolder folder, ArtifactCatalog catalog, TransferMeter meter) {
    this.folder = folder;
    this.catalog = catalog;
    this.meter = meter;
  }

  @Override
  public StreamObserver<UploadArtifactRequest> uploadArtifact(
      StreamObserver<UploadArtifactResponse> responses) {
    return new UploadReceiver(
        folder, catalog, meter, (ServerCallStreamObserver<UploadArtifactResponse>) responses);
  }

  @Override
  public void downloadArtifact(
      DownloadArtifactRequest request, StreamObserver<DownloadArtifactResponse> responses) {
    var out = (ServerCallStreamObserver<DownloadArtifactResponse>) responses;
    try {
      Digest digest = new Digest(request.getDigest());
      var kind = catalog.kind(digest);
      if (kind.isEmpty()) {
        throw Status.NOT_FOUND
            .withDescription("there is no artifact " + digest)
            .asRuntimeException();
      }
      serve(digest, kind.get(), request.getOffset(), out);
    } catch (StatusRuntimeException e) {
      out.onError(e);
    } catch (IOException | RuntimeException e) {
      out.onError(TransferStatus.of(e).asRuntimeException());
    }
  }

  private void serve(
      Digest digest,
      ArtifactKind kind,
      long offset,
      ServerCallStreamObserver<DownloadArtifactResponse> out)
      throws IOException {
    FileChannel file = folder.read(digest, offset);
    var sender =
        new ChunkSender<>(
            out,
            file,
            chunk -> DownloadArtifactResponse.newBuilder().setChunk(chunk).build(),
            meter);
    out.setOnCancelHandler(() -> closeQuietly(sender));
    out.setOnReadyHandler(() -> pump(sender, out));
    Artifact header =
        Artifact.newBuilder().setDigest(digest.hex()).setSize(file.size()).setKind(kind).build();
    out.onNext(DownloadArtifactResponse.newBuilder().setHeader(header).build());
    pump(sender, out);
  }

  private static void pump(
      ChunkSender<DownloadArtifactResponse> sender,
      ServerCallStreamObserver<DownloadArtifactResponse> out) {
    try {
      sender.pump();
    } catch (IOException e) {
      closeQuietly(sender);
      out.onError(TransferStatus.of(e).asRuntimeException());
    }
  }

  /** Closes what is only read or stays resumable: a failure to close it loses nothing. */
  static void closeQuietly(AutoCloseable closeable) {
    try {
      closeable.close();
    } catch (Exception e) {
      LOG.debug("closing after a transfer failed", e);
    }
  }
}
