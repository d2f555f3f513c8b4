package io.neurograft.coordinator.rpc;

import com.google.protobuf.ByteString;
import io.grpc.Channel;
import io.grpc.Status;
import io.grpc.stub.StreamObserver;
import io.neurograft.proto.v1.Artifact;
import io.neurograft.proto.v1.ArtifactServiceGrpc;
import io.neurograft.proto.v1.Chunk;
import io.neurograft.proto.v1.UploadArtifactRequest;
import io.neurograft.proto.v1.UploadArtifactResponse;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** Sends an upload whose chunk has a wrong checksum, and tells how it ended. */
final class UploadProbe implements StreamObserver<UploadArtifactResponse> {
  private final CompletableFuture<Status> end = new CompletableFuture<>();

  static Status send(Channel channel, Artifact header, ByteString data) throws Exception {
    UploadProbe probe = new UploadProbe();
    var out = ArtifactServiceGrpc.newStub(channel).uploadArtifact(probe);
    out.onNext(UploadArtifactRequest.newBuilder().setHeader(header).build());
    out.onNext(
        UploadArtifactRequest.newBuilder()
            .setChunk(Chunk.newBuilder().setData(data).setCrc32C(1))
            .build());
    return probe.end.get(30, TimeUnit.SECONDS);
  }

  @Override
  public void onNext(UploadArtifactResponse response) {}

  @Override
  public void onError(Throwable t) {
    end.complete(Status.fromThrowable(t));
  }

  @Override
  public void onCompleted() {
    end.complete(Status.OK);
  }
}
