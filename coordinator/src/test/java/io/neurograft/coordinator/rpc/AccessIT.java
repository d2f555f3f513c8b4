package io.neurograft.coordinator.rpc;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.DescriptorProtos.FileDescriptorProto;
import io.grpc.CallOptions;
import io.grpc.ClientCall;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import io.grpc.reflection.v1.ServerReflectionGrpc;
import io.grpc.reflection.v1.ServerReflectionRequest;
import io.grpc.reflection.v1.ServerReflectionResponse;
import io.grpc.reflection.v1.ServiceResponse;
import io.grpc.stub.StreamObserver;
import io.neurograft.coordinator.SecuredRig;
import io.neurograft.coordinator.authority.ServerTls;
import io.neurograft.proto.identity.Role;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Every call of the server is made by everybody, over real TLS with real certificates. */
@Timeout(120)
final class AccessIT {
  private static final List<Status.Code> REFUSALS =
      List.of(Status.Code.PERMISSION_DENIED, Status.Code.UNIMPLEMENTED);

  @TempDir Path folder;

  @Test
  void everyCall_byEveryRole_isAnsweredAsTheTableSays() throws Exception {
    try (SecuredRig rig = SecuredRig.start(folder, ServerTls.DEFAULT)) {
      List<String> methods = methods(rig);
      assertThat(methods)
          .as("each call that the server takes has a rule, and each rule a call")
          .containsExactlyInAnyOrderElementsOf(
              Arrays.stream(Access.values()).map(Access::method).toList());

      ManagedChannel stranger = rig.stranger();
      for (String method : methods) {
        Access access = Access.of(method).orElseThrow();
        Status.Code code = call(stranger, method).getCode();
        if (access.anyone()) {
          assertThat(code).as(method).isNotIn(REFUSALS);
        } else {
          assertThat(code).as(method).isEqualTo(Status.Code.UNAUTHENTICATED);
        }
      }
      stranger.shutdownNow();
      for (Role role : Role.values()) {
        ManagedChannel channel = rig.channel(rig.enrol(role, "somebody"));
        for (String method : methods) {
          Status status = call(channel, method);
          String what = role + " calls " + method + ": " + status;
          if (Access.of(method).orElseThrow().admits(role)) {
            assertThat(status.getDescription()).as(what).isNotEqualTo(denial(method, role));
          } else {
            assertThat(status.getCode()).as(what).isEqualTo(Status.Code.PERMISSION_DENIED);
            assertThat(status.getDescription()).as(what).isEqualTo(denial(method, role));
          }
        }
        channel.shutdownNow();
      }
    }
  }

  private static String denial(String method, Role role) {
    return "this call is for %s; the certificate shown is of %s somebody"
        .formatted(Access.of(method).orElseThrow().admitted(), role.word());
  }

  /** What the server itself says it serves, asked by reflection, so that none is forgotten. */
  private static List<String> methods(SecuredRig rig) throws Exception {
    ManagedChannel operator = rig.channel(rig.enrol(Role.OPERATOR, "asks"));
    try {
      List<String> methods = new ArrayList<>();
      for (ServiceResponse service :
          ask(operator, ServerReflectionRequest.newBuilder().setListServices("").build())
              .getListServicesResponse()
              .getServiceList()) {
        ServerReflectionRequest file =
            ServerReflectionRequest.newBuilder().setFileContainingSymbol(service.getName()).build();
        for (var encoded :
            ask(operator, file).getFileDescriptorResponse().getFileDescriptorProtoList()) {
          FileDescriptorProto descriptor = FileDescriptorProto.parseFrom(encoded);
          for (var declared : descriptor.getServiceList()) {
            if ((descriptor.getPackage() + "." + declared.getName()).equals(service.getName())) {
              declared
                  .getMethodList()
                  .forEach(method -> methods.add(service.getName() + "/" + method.getName()));
            }
          }
        }
      }
      return methods;
    } finally {
      operator.shutdownNow();
    }
  }

  private static ServerReflectionResponse ask(
      ManagedChannel channel, ServerReflectionRequest request) throws Exception {
    CompletableFuture<ServerReflectionResponse> answer = new CompletableFuture<>();
    StreamObserver<ServerReflectionRequest> requests =
        ServerReflectionGrpc.newStub(channel)
            .serverReflectionInfo(
                new StreamObserver<>() {
                  @Override
                  public void onNext(ServerReflectionResponse response) {
                    answer.complete(response);
                  }

                  @Override
                  public void onError(Throwable t) {
                    answer.completeExceptionally(t);
                  }

                  @Override
                  public void onCompleted() {}
                });
    requests.onNext(request);
    requests.onCompleted();
    return answer.get(20, TimeUnit.SECONDS);
  }

  /** An empty message is one of every kind; the call ends, or is still open after a while: OK. */
  private static Status call(ManagedChannel channel, String method) throws Exception {
    CompletableFuture<Status> ended = new CompletableFuture<>();
    ClientCall<byte[], byte[]> call =
        channel.newCall(
            MethodDescriptor.<byte[], byte[]>newBuilder()
                .setType(MethodDescriptor.MethodType.UNKNOWN)
                .setFullMethodName(method)
                .setRequestMarshaller(new Raw())
                .setResponseMarshaller(new Raw())
                .build(),
            CallOptions.DEFAULT.withDeadlineAfter(20, TimeUnit.SECONDS));
    call.start(
        new ClientCall.Listener<>() {
          @Override
          public void onMessage(byte[] message) {
            ended.complete(Status.OK);
          }

          @Override
          public void onClose(Status status, Metadata trailers) {
            ended.complete(status);
          }
        },
        new Metadata());
    call.request(1);
    call.sendMessage(new byte[0]);
    call.halfClose();
    ended.completeOnTimeout(Status.OK, 2, TimeUnit.SECONDS);
    Status status = ended.get(30, TimeUnit.SECONDS);
    call.cancel("enough", null);
    return status;
  }

  private static final class Raw implements MethodDescriptor.Marshaller<byte[]> {
    @Override
    public InputStream stream(byte[] value) {
      return new ByteArrayInputStream(value);
    }

    @Override
    public byte[] parse(InputStream stream) {
      try {
        return stream.readAllBytes();
      } catch (java.io.IOException e) {
        throw new java.io.UncheckedIOException(e);
      }
    }
  }
}
