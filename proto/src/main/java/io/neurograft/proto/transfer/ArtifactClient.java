package io.neurograft.proto.transfer;

import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.Status;
import io.grpc.stub.ClientCalls;
import io.neurograft.proto.artifact.ArtifactFolder;
import io.neurograft.proto.artifact.Packing;
import io.neurograft.proto.v1.Artifact;
import io.neurograft.proto.v1.DownloadArtifactRequest;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * The dialling end of transfers: one attempt per call, from where the one before broke off. The
 * calling thread waits; interrupting it cancels the transfer and keeps what is stored.
 */
public final class ArtifactClient {
  private final Channel channel;
  private final ArtifactFolder folder;
  private final Duration patience;
  private final TransferMeter meter;

  /**
   * @param patience after how long without any progress a transfer is given up
   */
  public ArtifactClient(
      Channel channel, ArtifactFolder folder, Duration patience, TransferMeter meter) {
    this.channel = channel;
    this.folder = folder;
    this.patience = patience;
    this.meter = meter;
  }

  /**
   * Sends a complete artifact of the folder; returns when the coordinator has stored all of it.
   *
   * @param packing how chunks are packed, if the coordinator reads that
   * @throws TransferException if it broke off
   * @throws IOException if the artifact cannot be read here
   */
  public void upload(Artifact artifact, Packing packing) throws IOException, InterruptedException {
    UploadSender upload = new UploadSender(folder, artifact, ChunkCompression.wire(packing), meter);
    var unused =
        ClientCalls.asyncBidiStreamingCall(
            channel.newCall(
                ArtifactMethods.UPLOAD,
                CallOptions.DEFAULT.withOnReadyThreshold(ChunkSender.READY_BYTES)),
            upload);
    await(upload, "upload", artifact);
  }

  /**
   * Fetches an artifact into the folder; returns when it is complete there, its digest checked.
   * Returns at once where it is there already.
   *
   * @param packing how the coordinator may pack chunks
   * @throws TransferException if it broke off
   * @throws IOException if the artifact cannot be stored here
   * @throws IllegalArgumentException if the artifact's digest is none
   */
  public void download(Artifact artifact, Packing packing)
      throws IOException, InterruptedException {
    try (ChunkReceiver receiver = new ChunkReceiver(folder, artifact, meter)) {
      if (receiver.complete()) {
        return;
      }
      DownloadReceiver download = new DownloadReceiver(artifact, receiver);
      DownloadArtifactRequest.Builder request =
          DownloadArtifactRequest.newBuilder()
              .setDigest(artifact.getDigest())
              .setOffset(receiver.stored());
      if (packing != Packing.NONE) {
        request.addCompressions(ChunkCompression.wire(packing));
      }
      ClientCalls.asyncServerStreamingCall(
          channel.newCall(ArtifactMethods.DOWNLOAD, CallOptions.DEFAULT),
          request.build(),
          download);
      await(download, "download", artifact);
    }
  }

  private void await(Attempt<?, ?> attempt, String verb, Artifact artifact)
      throws IOException, InterruptedException {
    long seen = -1;
    boolean stored = false;
    try {
      while (true) {
        try {
          attempt.result().get(patience.toMillis(), TimeUnit.MILLISECONDS);
          stored = true;
          return;
        } catch (TimeoutException e) {
          if (attempt.progress() == seen) {
            throw new TransferException(
                verb
                    + " of "
                    + artifact.getDigest()
                    + " made no progress for "
                    + patience.toSeconds()
                    + " s",
                true,
                e);
          }
          seen = attempt.progress();
        }
      }
    } catch (ExecutionException e) {
      throw failure(verb, artifact, e.getCause() == null ? e : e.getCause());
    } finally {
      if (!stored) { // else the coordinator ends the call, and counts it as one that went well
        attempt.cancel("given up by the " + verb + "ing side");
      }
    }
  }

  private static IOException failure(String verb, Artifact artifact, Throwable cause) {
    if (cause instanceof IOException local) {
      return local;
    }
    Status status = Status.fromThrowable(cause);
    String description = status.getDescription();
    return new TransferException(
        verb
            + " of "
            + artifact.getDigest()
            + " failed: "
            + status.getCode()
            + (description == null ? "" : ": " + description),
        TransferStatus.retryable(status),
        cause);
  }
}
