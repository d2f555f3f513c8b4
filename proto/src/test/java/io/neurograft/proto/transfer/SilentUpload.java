package io.neurograft.proto.transfer;

import com.google.protobuf.ByteString;
import io.grpc.Channel;
import io.grpc.Status;
import io.grpc.stub.StreamObserver;
import io.neurograft.proto.artifact.ArtifactFolder;
import io.neurograft.proto.artifact.Chunks;
import io.neurograft.proto.artifact.Digest;
import io.neurograft.proto.v1.Artifact;
import io.neurograft.proto.v1.ArtifactServiceGrpc;
import io.neurograft.proto.v1.Chunk;
import io.neurograft.proto.v1.UploadArtifactRequest;
import io.neurograft.proto.v1.UploadArtifactResponse;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;

/**
 * An upload, by protobuf's own classes, that sends its first chunks and then nothing, without
 * ending: as one whose line is dead.
 */
final class SilentUpload implements StreamObserver<UploadArtifactResponse> {
  private final CompletableFuture<Boolean> answered = new CompletableFuture<>();
  private final CompletableFuture<Status> end = new CompletableFuture<>();

  SilentUpload(Channel channel, Artifact artifact, ArtifactFolder folder, int chunks)
      throws IOException {
    StreamObserver<UploadArtifactRequest> out =
        ArtifactServiceGrpc.newStub(channel).uploadArtifact(this);
    out.onNext(UploadArtifactRequest.newBuilder().setHeader(artifact).build());
    answered.join();
    try (FileChannel file = folder.read(new Digest(artifact.getDigest()), 0)) {
      for (int i = 0; i < chunks; i++) {
        ByteBuffer data = ByteBuffer.allocate(Chunks.MAX_BYTES);
        file.read(data);
        Chunk.Builder chunk =
            Chunk.newBuilder()
                .setOffset((long) i * Chunks.MAX_BYTES)
                .setData(ByteString.copyFrom(data.flip()))
                .setCrc32C(Chunks.crc32c(List.of(data.rewind())));
        out.onNext(UploadArtifactRequest.newBuilder().setChunk(chunk).build());
      }
    }
  }

  /** Waits until the other end has stored so much. */
  void awaitStored(long bytes, AtomicLong stored) throws InterruptedException {
    while (stored.get() < bytes) {
      Thread.sleep(5);
    }
  }

  /** How it ended; waits until it has. */
  Status end() {
    return end.join();
  }

  @Override
  public void onNext(UploadArtifactResponse response) {
    answered.complete(true);
  }

  @Override
  public void onError(Throwable t) {
    end.complete(Status.fromThrowable(t));
  }

  @Override
  public void onCompleted() {
    end.complete(Status.OK);
  }
}
