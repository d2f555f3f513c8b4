package io.neurograft.proto.transfer;

import io.grpc.Status;
import io.grpc.StatusException;
import io.grpc.StatusRuntimeException;
import io.neurograft.proto.artifact.ArtifactException;
import io.neurograft.proto.artifact.ArtifactFolder;
import io.neurograft.testing.fuzz.Bounds;
import io.neurograft.testing.fuzz.FileFuzzTest;
import java.nio.file.Path;
import java.util.Set;
import java.util.concurrent.ExecutionException;

/**
 * Downloads, message by message. Whatever a coordinator sends: the attempt fails by a status or a
 * refused chunk, or the artifact is whole.
 */
class DownloadFuzzTest extends FileFuzzTest {
  @Override
  protected void readFiles(byte[] input) throws Exception {
    Path place = folder().resolve("artifacts");
    ArtifactFolder folder = ArtifactFolder.open(place);
    try {
      download(new HostilePeer(input), folder);
    } finally {
      Remains.delete(place, HostilePeer.ARTIFACT.getSize());
    }
  }

  private static void download(HostilePeer peer, ArtifactFolder folder) throws Exception {
    try (ChunkReceiver chunks =
        new ChunkReceiver(folder, HostilePeer.ARTIFACT, TransferMeter.NONE)) {
      DownloadReceiver download = new DownloadReceiver(HostilePeer.ARTIFACT, chunks);
      while (peer.hasNext()) {
        HostilePeer.Step step = peer.next();
        switch (step) {
          case END -> download.onCompleted();
          case BREAK -> download.onError(Status.UNAVAILABLE.asException());
          default -> download.onNext(peer.part(step, chunks.stored()));
        }
      }
      if (download.result().isDone()) {
        download.result().get();
      }
    } catch (ExecutionException e) {
      if (e.getCause() instanceof Exception cause) {
        throw cause;
      }
      throw e;
    }
  }

  @Override
  protected Set<Class<? extends Exception>> refusals() {
    return Set.of(ArtifactException.class, StatusException.class, StatusRuntimeException.class);
  }

  @Override
  protected Bounds bounds() {
    return Bounds.of(HostilePeer.MOST_STEPS * (5L << 18), 100);
  }
}
