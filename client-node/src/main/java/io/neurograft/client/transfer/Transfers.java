package io.neurograft.client.transfer;

import io.grpc.Channel;
import io.neurograft.client.retry.Retry;
import io.neurograft.neural.config.IoWords;
import io.neurograft.proto.artifact.ArtifactException;
import io.neurograft.proto.artifact.ArtifactFolder;
import io.neurograft.proto.artifact.Packing;
import io.neurograft.proto.transfer.ArtifactClient;
import io.neurograft.proto.transfer.TransferException;
import io.neurograft.proto.transfer.TransferMeter;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Pulls and pushes artifacts until they are there. A transfer that breaks off is tried again for as
 * long as a retry can help; interrupt the calling thread to give up.
 */
public final class Transfers implements ArtifactSource {
  private static final Logger LOG = LoggerFactory.getLogger(Transfers.class);

  /** After how long without a byte a transfer counts as broken. */
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  /** How often bytes with a wrong digest are fetched again before it is no accident. */
  private static final int WRONG_DIGESTS = 3;

  private final ArtifactFolder folder;
  private final ArtifactClient client;
  private final Retry.Policy retries;

  /** Transfers between a folder and the coordinator at the channel's other end. */
  public Transfers(
      Channel channel, ArtifactFolder folder, TransferMeter meter, Retry.Policy retries) {
    this.folder = folder;
    this.client = new ArtifactClient(channel, folder, PATIENCE, meter);
    this.retries = retries;
  }

  /**
   * Fetches an artifact; its digest is checked.
   *
   * @param packing how the coordinator may pack it on its way
   * @return its file in the folder, for reading only
   * @throws IOException if it cannot be had, however often it is tried
   */
  @Override
  public Path pull(ArtifactRef artifact, Packing packing) throws IOException, InterruptedException {
    repeat(
        "pulling " + artifact, () -> client.download(ArtifactMessages.message(artifact), packing));
    LOG.info("pulled {}, digest {} verified", artifact, artifact.digest());
    return folder
        .find(artifact.digest())
        .orElseThrow(() -> new IOException("artifact " + artifact + " vanished from its folder"));
  }

  /**
   * Brings an artifact of the folder to the coordinator; sends nothing where that has it already.
   *
   * @param packing how it is packed on its way, if the coordinator reads that
   * @throws IOException if it cannot be brought, however often it is tried
   */
  @Override
  public void push(ArtifactRef artifact, Packing packing) throws IOException, InterruptedException {
    repeat("pushing " + artifact, () -> client.upload(ArtifactMessages.message(artifact), packing));
    LOG.info("pushed {}", artifact);
  }

  private interface Attempt {
    void run() throws IOException, InterruptedException;
  }

  private void repeat(String what, Attempt attempt) throws IOException, InterruptedException {
    Retry retry = retries.start(what);
    int wrongDigests = 0;
    while (true) {
      try {
        attempt.run();
        retry.succeeded();
        return;
      } catch (TransferException e) {
        if (!e.retryable()) {
          throw e;
        }
        retry.pause(e.getMessage());
      } catch (ArtifactException e) {
        switch (e.reason()) {
          case NO_ROOM, BUSY -> {}
          case WRONG_DIGEST -> {
            if (++wrongDigests == WRONG_DIGESTS) {
              throw e;
            }
          }
          default -> throw e;
        }
        retry.pause(e.getMessage());
      } catch (IOException e) {
        retry.pause(IoWords.of(e));
      }
    }
  }
}
