package io.neurograft.proto.transfer;

import io.grpc.Status;
import io.grpc.stub.ServerCallStreamObserver;
import io.neurograft.proto.artifact.ArtifactFolder;
import io.neurograft.proto.artifact.Digest;
import io.neurograft.proto.v1.Artifact;
import io.neurograft.proto.v1.ArtifactKind;
import io.neurograft.proto.v1.UploadArtifactResponse;
import io.neurograft.testing.fuzz.Bounds;
import io.neurograft.testing.fuzz.FileFuzzTest;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ScheduledExecutorService;

/**
 * Uploads, message by message, that go on after they broke off. Whatever a site sends: each call
 * ends once, never as this end's own fault, and what has a digest for a name is whole.
 */
class UploadFuzzTest extends FileFuzzTest {
  private static final long LARGEST = 1 << 20;
  private static final Duration PATIENCE = Duration.ofHours(1);

  /** One for all inputs: each upload takes back what it has asked of it. */
  private final ScheduledExecutorService timer = ArtifactEndpoint.newTimer();

  @Override
  protected void readFiles(byte[] input) throws IOException {
    Path place = folder().resolve("artifacts");
    ArtifactFolder folder = ArtifactFolder.open(place, LARGEST, 0);
    upload(
        new HostilePeer(input),
        new ArtifactEndpoint(folder, new Catalog(), TransferMeter.NONE, PATIENCE, PATIENCE, timer));
    Remains.delete(place, LARGEST);
  }

  private static void upload(HostilePeer peer, ArtifactEndpoint endpoint) {
    Answers answers = new Answers();
    UploadReceiver upload = new UploadReceiver(endpoint, answers);
    while (peer.hasNext()) {
      HostilePeer.Step step = peer.next();
      switch (step) {
        case END -> upload.onCompleted();
        case BREAK -> upload.onError(Status.CANCELLED.asRuntimeException());
        default -> upload.onNext(peer.part(step, upload.stored()));
      }
      if (answers.ended || step == HostilePeer.Step.BREAK) {
        answers = new Answers();
        upload = new UploadReceiver(endpoint, answers);
      }
    }
    upload.onError(Status.CANCELLED.asRuntimeException());
  }

  @Override
  protected Set<Class<? extends Exception>> refusals() {
    return Set.of(); // every refusal is an answer
  }

  @Override
  protected Bounds bounds() {
    // A chunk may unpack to a mebibyte, whatever its size.
    return Bounds.of(HostilePeer.MOST_STEPS * (5L << 18), 100);
  }

  /** Knows only what is in the folder. */
  private record Catalog() implements ArtifactCatalog {
    @Override
    public boolean isStored(Artifact artifact) {
      return false;
    }

    @Override
    public void expect(Artifact artifact) {}

    @Override
    public void stored(Artifact artifact) {}

    @Override
    public Optional<ArtifactKind> kind(Digest digest) {
      return Optional.empty();
    }
  }

  /** What the site would hear. */
  private static final class Answers extends ServerCallStreamObserver<UploadArtifactResponse> {
    private boolean ended;

    @Override
    public void onNext(UploadArtifactResponse response) {
      if (ended) {
        throw new IllegalStateException("an answer after the end");
      }
    }

    @Override
    public void onError(Throwable t) {
      onCompleted();
      Status status = Status.fromThrowable(t);
      if (!List.of(Status.Code.INVALID_ARGUMENT, Status.Code.DATA_LOSS)
          .contains(status.getCode())) {
        throw new IllegalStateException(t);
      }
    }

    @Override
    public void onCompleted() {
      if (ended) {
        throw new IllegalStateException("a second end");
      }
      ended = true;
    }

    @Override
    public boolean isCancelled() {
      return false;
    }

    @Override
    public void setOnCancelHandler(Runnable handler) {}

    @Override
    public void setCompression(String compression) {}

    @Override
    public boolean isReady() {
      return true;
    }

    @Override
    public void setOnReadyHandler(Runnable handler) {}

    @Override
    public void disableAutoInboundFlowControl() {}

    @Override
    public void disableAutoRequest() {}

    @Override
    public void request(int count) {}

    @Override
    public void setMessageCompression(boolean enable) {}
  }
}
