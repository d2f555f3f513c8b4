package io.neurograft.proto.transfer;

import io.grpc.MethodDescriptor;
import io.grpc.ServiceDescriptor;
import io.neurograft.proto.v1.ArtifactServiceGrpc;
import io.neurograft.proto.v1.DownloadArtifactRequest;
import io.neurograft.proto.v1.UploadArtifactResponse;

/** ArtifactService's methods, with {@link Part}s for what carries an artifact. */
final class ArtifactMethods {
  static final MethodDescriptor<Part, UploadArtifactResponse> UPLOAD =
      ArtifactServiceGrpc.getUploadArtifactMethod().toBuilder(
              PartMarshaller.INSTANCE,
              ArtifactServiceGrpc.getUploadArtifactMethod().getResponseMarshaller())
          .build();

  static final MethodDescriptor<DownloadArtifactRequest, Part> DOWNLOAD =
      ArtifactServiceGrpc.getDownloadArtifactMethod().toBuilder(
              ArtifactServiceGrpc.getDownloadArtifactMethod().getRequestMarshaller(),
              PartMarshaller.INSTANCE)
          .build();

  static final ServiceDescriptor SERVICE =
      ServiceDescriptor.newBuilder(ArtifactServiceGrpc.SERVICE_NAME)
          .setSchemaDescriptor(ArtifactServiceGrpc.getServiceDescriptor().getSchemaDescriptor())
          .addMethod(UPLOAD)
          .addMethod(DOWNLOAD)
          .build();

  private ArtifactMethods() {}
}
