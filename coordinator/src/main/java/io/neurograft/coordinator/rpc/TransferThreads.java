package io.neurograft.coordinator.rpc;

import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallExecutorSupplier;
import io.neurograft.proto.v1.ArtifactServiceGrpc;
import java.util.concurrent.Executor;

/**
 * Which threads run a call. Transfers wait for the bucket, which can take minutes, so neither all
 * other calls nor transfers in the other direction are to wait behind them.
 */
record TransferThreads(CallThreads threads) implements ServerCallExecutorSupplier {
  private static final String UPLOAD =
      ArtifactServiceGrpc.getUploadArtifactMethod().getFullMethodName();
  private static final String DOWNLOAD =
      ArtifactServiceGrpc.getDownloadArtifactMethod().getFullMethodName();

  @Override
  public <Q, A> Executor getExecutor(ServerCall<Q, A> call, Metadata headers) {
    String method = call.getMethodDescriptor().getFullMethodName();
    if (method.equals(UPLOAD)) {
      return threads.uploads();
    }
    return method.equals(DOWNLOAD) ? threads.downloads() : threads.calls();
  }
}
