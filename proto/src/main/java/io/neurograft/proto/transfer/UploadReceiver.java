package io.neurograft.proto.transfer;

import io.grpc.Context;
import io.grpc.Status;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import io.neurograft.proto.artifact.Digest;
import io.neurograft.proto.v1.Artifact;
import io.neurograft.proto.v1.ArtifactKind;
import io.neurograft.proto.v1.UploadArtifactResponse;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One upload on its serving end: takes the header, waits for its turn, answers from which offset to
 * send, stores chunk by chunk, and acknowledges. gRPC calls it one message at a time, and brings a
 * message only after it was asked for; other uploads of the artifact and the timer call it too, so
 * it has a lock. A thread that holds it may take those of uploads later in the queue, never of
 * earlier ones.
 */
final class UploadReceiver implements StreamObserver<Part>, Turns.Taker {
  private static final Logger LOG = LoggerFactory.getLogger(UploadReceiver.class);

  /** Chunks asked for ahead, so that the disk and the network work at the same time. */
  private static final int AHEAD = 2;

  /** Whoever brings nothing for so long gives back the room that is set apart for it. */
  private static final Duration SILENCE = Duration.ofMinutes(1);

  /** How much is stored between two acknowledgements, in bytes. */
  private static final long ACKNOWLEDGED = 8 << 20;

  private final ArtifactEndpoint endpoint;
  private final ServerCallStreamObserver<UploadArtifactResponse> responses;
  private final ReentrantLock lock = new ReentrantLock();

  /** Who calls: kept, since threads of other calls work on this one, too. */
  private final Context context = Context.current();

  private @Nullable Artifact header;
  private @Nullable ChunkReceiver receiver;
  private @Nullable Future<?> timed;
  private long acknowledged;
  private boolean ended;
  private volatile long stored;
  private volatile long lastChunk;
  private long begun;

  UploadReceiver(
      ArtifactEndpoint endpoint, ServerCallStreamObserver<UploadArtifactResponse> responses) {
    this.endpoint = endpoint;
    this.responses = responses;
    responses.disableAutoRequest();
    responses.setOnCancelHandler(() -> locked(this::end));
    responses.request(1);
  }

  /** How many bytes are stored, from the start on. */
  long stored() {
    return stored;
  }

  @Override
  public void onNext(Part part) {
    try {
      locked(
          () -> {
            if (part instanceof Part.Header announced) {
              begin(announced.artifact());
            } else if (part instanceof IncomingChunk chunk) {
              store(chunk);
            } else {
              throw new IllegalArgumentException(part.toString());
            }
          });
    } finally {
      if (part instanceof IncomingChunk chunk) {
        ArtifactEndpoint.closeQuietly(chunk);
      }
    }
  }

  @Override
  public void onError(Throwable t) {
    locked(this::end);
  }

  @Override
  public void onCompleted() {
    locked(
        () -> {
          throw new IllegalArgumentException("the upload ended early, at " + stored + " bytes");
        });
  }

  @Override
  public void turn() {
    locked(this::open);
  }

  private interface Step {
    void run() throws IOException;
  }

  private void locked(Step step) {
    lock.lock();
    Context other = context.attach();
    try {
      if (!ended) {
        step.run();
      }
    } catch (IOException | RuntimeException e) {
      fail(e);
    } finally {
      context.detach(other);
      lock.unlock();
    }
  }

  private void begin(Artifact artifact) {
    if (header != null) {
      throw new IllegalArgumentException("expected one header, found a second");
    }
    if (artifact.getKind() == ArtifactKind.ARTIFACT_KIND_UNSPECIFIED
        || artifact.getKind() == ArtifactKind.UNRECOGNIZED) {
      throw new IllegalArgumentException("expected the artifact's kind");
    }
    Digest digest = new Digest(artifact.getDigest());
    header = artifact;
    if (endpoint.turns().join(digest, this)) {
      turn();
    } else {
      long tick = endpoint.stall().toMillis() / 10 + 1;
      timed =
          endpoint
              .timer()
              .scheduleWithFixedDelay(() -> tick(digest), 0, tick, TimeUnit.MILLISECONDS);
    }
  }

  private void open() throws IOException {
    Artifact artifact = announced();
    stopTimer();
    endpoint.folder().checkSize(artifact.getSize());
    if (endpoint.catalog().isStored(artifact)) {
      answer(artifact.getSize(), true);
      return;
    }
    endpoint.catalog().expect(artifact);
    ChunkReceiver opened = new ChunkReceiver(endpoint.folder(), artifact, endpoint.meter());
    receiver = opened;
    begun = System.nanoTime();
    lastChunk = begun;
    acknowledge(opened);
    if (!ended) {
      long look = Math.min(SILENCE.toMillis(), endpoint.longest().toMillis()) / 4 + 1;
      timed =
          endpoint
              .timer()
              .scheduleWithFixedDelay(() -> locked(this::look), look, look, TimeUnit.MILLISECONDS);
      responses.request(AHEAD);
    }
  }

  private void store(IncomingChunk chunk) throws IOException {
    if (receiver == null) {
      throw new IllegalArgumentException("expected no chunk before the first answer");
    }
    receiver.accept(chunk);
    lastChunk = System.nanoTime();
    stored = receiver.stored();
    if (receiver.complete() || stored - acknowledged >= ACKNOWLEDGED) {
      acknowledge(receiver);
    }
    if (!ended) {
      responses.request(1);
    }
  }

  private void acknowledge(ChunkReceiver of) throws IOException {
    boolean complete = of.complete();
    if (complete) {
      endpoint.catalog().stored(announced());
    }
    answer(of.stored(), complete);
  }

  private void answer(long offset, boolean complete) {
    stored = offset;
    acknowledged = offset;
    responses.onNext(
        UploadArtifactResponse.newBuilder()
            .setStored(stored)
            .setComplete(complete)
            .addAllCompressions(ChunkCompression.READ)
            .build());
    if (complete) {
      end();
      responses.onCompleted();
    }
  }

  /** While it waits: tells the site so, and has an upload yield that brings nothing. */
  private void tick(Digest digest) {
    // Taken before the own lock: an earlier upload's must not be taken after it.
    Turns.Taker holder = endpoint.turns().holder(digest).orElse(this);
    if (holder instanceof UploadReceiver other && other != this) {
      other.yieldIfStalled();
      locked(
          () -> {
            if (receiver == null && responses.isReady()) {
              responses.onNext(
                  UploadArtifactResponse.newBuilder()
                      .setStored(other.stored)
                      .setWaiting(true)
                      .build());
            }
          });
    }
  }

  /**
   * Ends what is silent or takes long: its sender begins anew, and whether it may is asked again.
   */
  private void look() {
    long now = System.nanoTime();
    boolean silent = now - lastChunk > SILENCE.toNanos();
    if (silent || now - begun > endpoint.longest().toNanos()) {
      end();
      responses.onError(
          Status.ABORTED
              .withDescription(
                  silent
                      ? "no chunk came for " + SILENCE.toSeconds() + " s; what came is kept"
                      : "an upload goes on for at most "
                          + endpoint.longest().toSeconds()
                          + " s at a time; what came is kept, send the rest")
              .asRuntimeException());
    }
  }

  /** Does nothing while a chunk is being stored: then it is the disk that takes its time. */
  private void yieldIfStalled() {
    if (lock.tryLock()) {
      try {
        boolean stalled = System.nanoTime() - lastChunk > endpoint.stall().toNanos();
        if (!ended && receiver != null && stalled) {
          end();
          responses.onError(
              Status.ABORTED
                  .withDescription(
                      "no chunk came for "
                          + endpoint.stall().toSeconds()
                          + " s, and another upload of the same artifact took over")
                  .asRuntimeException());
        }
      } finally {
        lock.unlock();
      }
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
    stopTimer();
    if (receiver != null) {
      ArtifactEndpoint.closeQuietly(receiver);
    }
    if (header != null) {
      endpoint.turns().leave(new Digest(header.getDigest()), this);
    }
  }

  private void stopTimer() {
    if (timed != null) {
      timed.cancel(false);
      timed = null;
    }
  }

  private Artifact announced() {
    if (header == null) {
      throw new IllegalStateException("nothing was announced");
    }
    return header;
  }
}
