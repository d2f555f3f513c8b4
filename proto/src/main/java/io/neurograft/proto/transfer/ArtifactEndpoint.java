package io.neurograft.proto.transfer;

import io.grpc.BindableService;
import io.grpc.ServerServiceDefinition;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.ServerCalls;
import io.grpc.stub.StreamObserver;
import io.neurograft.proto.artifact.ArtifactFolder;
import io.neurograft.proto.artifact.Digest;
import io.neurograft.proto.v1.Artifact;
import io.neurograft.proto.v1.ArtifactKind;
import io.neurograft.proto.v1.Compression;
import io.neurograft.proto.v1.DownloadArtifactRequest;
import io.neurograft.proto.v1.UploadArtifactResponse;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.time.Duration;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** ArtifactService over an artifact folder: the serving end of every transfer. */
public final class ArtifactEndpoint implements BindableService {
  private static final Logger LOG = LoggerFactory.getLogger(ArtifactEndpoint.class);

  /** How long an upload goes on before its sender has to connect anew; nothing is sent twice. */
  public static final Duration LONGEST_UPLOAD = Duration.ofHours(1);

  /** After how long without a chunk an upload gives its turn to one that waits. */
  private static final Duration STALL = Duration.ofSeconds(10);

  private final ArtifactFolder folder;
  private final ArtifactCatalog catalog;
  private final TransferMeter meter;
  private final Duration stall;
  private final Duration longest;
  private final Turns turns = new Turns();
  private final ScheduledExecutorService timer;

  /** An endpoint that stores to, and serves from, one folder. */
  public ArtifactEndpoint(ArtifactFolder folder, ArtifactCatalog catalog, TransferMeter meter) {
    this(folder, catalog, meter, STALL, LONGEST_UPLOAD, newTimer());
  }

  ArtifactEndpoint(
      ArtifactFolder folder,
      ArtifactCatalog catalog,
      TransferMeter meter,
      Duration stall,
      Duration longest,
      ScheduledExecutorService timer) {
    this.folder = folder;
    this.catalog = catalog;
    this.meter = meter;
    this.stall = stall;
    this.longest = longest;
    this.timer = timer;
  }

  @Override
  public ServerServiceDefinition bindService() {
    return ServerServiceDefinition.builder(ArtifactMethods.SERVICE)
        .addMethod(ArtifactMethods.UPLOAD, ServerCalls.asyncBidiStreamingCall(this::upload))
        .addMethod(ArtifactMethods.DOWNLOAD, ServerCalls.asyncServerStreamingCall(this::download))
        .build();
  }

  ArtifactFolder folder() {
    return folder;
  }

  ArtifactCatalog catalog() {
    return catalog;
  }

  TransferMeter meter() {
    return meter;
  }

  Duration stall() {
    return stall;
  }

  Duration longest() {
    return longest;
  }

  Turns turns() {
    return turns;
  }

  /** For uploads that wait or take long. */
  ScheduledExecutorService timer() {
    return timer;
  }

  private StreamObserver<Part> upload(StreamObserver<UploadArtifactResponse> responses) {
    return new UploadReceiver(this, (ServerCallStreamObserver<UploadArtifactResponse>) responses);
  }

  private void download(DownloadArtifactRequest request, StreamObserver<Part> responses) {
    var out = (ServerCallStreamObserver<Part>) responses;
    try {
      Digest digest = new Digest(request.getDigest());
      var kind = catalog.kind(digest);
      if (kind.isEmpty()) {
        throw Status.NOT_FOUND
            .withDescription("there is no artifact " + digest)
            .asRuntimeException();
      }
      serve(digest, kind.get(), request, out);
    } catch (StatusRuntimeException e) {
      out.onError(e);
    } catch (IOException | RuntimeException e) {
      out.onError(TransferStatus.of(e).asRuntimeException());
    }
  }

  private void serve(
      Digest digest,
      ArtifactKind kind,
      DownloadArtifactRequest request,
      ServerCallStreamObserver<Part> out)
      throws IOException {
    FileChannel file = folder.read(digest, request.getOffset());
    Compression compression =
        request.getCompressionsList().stream()
            .filter(ChunkCompression.READ::contains)
            .findFirst()
            .orElse(Compression.COMPRESSION_UNSPECIFIED);
    ChunkSender sender = new ChunkSender(out, file, compression, meter);
    out.setOnCancelHandler(() -> closeQuietly(sender));
    out.setOnCloseHandler(() -> closeQuietly(sender));
    out.setOnReadyThreshold(ChunkSender.READY_BYTES);
    out.setOnReadyHandler(() -> pump(sender, out));
    Artifact header =
        Artifact.newBuilder().setDigest(digest.hex()).setSize(file.size()).setKind(kind).build();
    out.onNext(new Part.Header(header));
    pump(sender, out);
  }

  private static void pump(ChunkSender sender, ServerCallStreamObserver<Part> out) {
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

  /** Has a thread only while there is something to wait for. */
  static ScheduledExecutorService newTimer() {
    ScheduledThreadPoolExecutor timer =
        new ScheduledThreadPoolExecutor(
            1,
            work -> {
              Thread thread = new Thread(work, "artifact-turns");
              thread.setDaemon(true);
              return thread;
            });
    timer.setKeepAliveTime(10, TimeUnit.SECONDS);
    timer.allowCoreThreadTimeOut(true);
    timer.setRemoveOnCancelPolicy(true);
    return timer;
  }
}
