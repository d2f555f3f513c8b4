package io.neurograft.coordinator.rpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import io.grpc.CallOptions;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.MetadataUtils;
import io.neurograft.coordinator.SecuredRig;
import io.neurograft.coordinator.authority.ServerTls;
import io.neurograft.neural.config.InvalidInputException;
import io.neurograft.proto.identity.IdentityFolder;
import io.neurograft.proto.identity.Role;
import io.neurograft.proto.v1.EnrolRequest;
import io.neurograft.proto.v1.EnrolmentServiceGrpc;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Clients that speak no TLS, half of it, nothing, or too much; after each the server serves. */
@Timeout(120)
final class HostileConnectionIT {
  /** How a handshake begins: a record that says it holds a ClientHello of 512 bytes. */
  private static final byte[] HELLO = {22, 3, 1, 2, 0, 1, 0, 1, (byte) 0xfc, 3, 3};

  @TempDir static Path folder;
  private static SecuredRig rig;
  private static OperatorClient operator;

  @BeforeAll
  static void start() throws Exception {
    rig = SecuredRig.start(folder, ServerTls.DEFAULT);
    IdentityFolder identity = rig.enrol(Role.OPERATOR, "alice");
    operator = OperatorClient.to(rig.endpoint(), Optional.of(SecuredRig.tls(identity)));
  }

  @AfterAll
  static void stop() {
    operator.close();
    rig.close();
  }

  @AfterEach
  void serves() {
    assertThat(operator.list()).isEmpty();
  }

  @Test
  void plainText_onAPortWithTls_isCut() throws Exception {
    try (OperatorClient plain = OperatorClient.to(rig.endpoint(), Optional.empty())) {
      assertThatThrownBy(plain::list)
          .isInstanceOf(InvalidInputException.class)
          .hasMessageContaining("the connection was cut; is TLS expected there?");
    }
    try (Socket web = connect()) {
      web.getOutputStream().write("GET / HTTP/1.1\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
      awaitEnd(web);
    }
  }

  @Test
  void handshake_truncated_isForgotten() throws Exception {
    for (int length = 1; length <= HELLO.length; length++) {
      try (Socket half = connect()) {
        half.getOutputStream().write(HELLO, 0, length);
        half.shutdownOutput();
        awaitEnd(half);
      }
    }
  }

  /** Many at a time, each a byte now and then: cut after ten seconds, and others are served. */
  @Test
  void handshake_slowOrSilent_isCutAndKeepsNobodyOut() throws Exception {
    List<Socket> slow = new ArrayList<>();
    try {
      for (int i = 0; i < 100; i++) {
        slow.add(connect());
      }
      long start = System.nanoTime();
      for (int i = 0; i < HELLO.length; i++) {
        for (Socket socket : slow.subList(0, 50)) { // the others stay silent
          trickle(socket, HELLO[i]);
        }
        assertThat(operator.list()).isEmpty();
        Thread.sleep(200);
      }
      for (Socket socket : slow) {
        awaitEnd(socket);
      }
      assertThat(Duration.ofNanos(System.nanoTime() - start))
          .isBetween(Duration.ofSeconds(5), Duration.ofSeconds(60));
    } finally {
      for (Socket socket : slow) {
        socket.close();
      }
    }
  }

  @Test
  void message_tooLarge_isRefusedBeforeItIsRead() {
    assertThatThrownBy(() -> operator.create("x".repeat(5 << 20)))
        .isInstanceOf(InvalidInputException.class)
        .hasMessageContaining("maximum");
    ManagedChannel stranger = rig.stranger();
    try {
      EnrolRequest large =
          EnrolRequest.newBuilder()
              .setSigningRequest(ByteString.copyFrom(new byte[5 << 20]))
              .build();
      Status status = enrol(stranger, large, new Metadata());
      assertThat(status.getCode()).isEqualTo(Status.Code.RESOURCE_EXHAUSTED);

      Metadata headers = new Metadata();
      headers.put(
          Metadata.Key.of("padding", Metadata.ASCII_STRING_MARSHALLER), "x".repeat(100_000));
      assertThat(enrol(stranger, EnrolRequest.getDefaultInstance(), headers).isOk()).isFalse();
    } finally {
      stranger.shutdownNow();
    }
  }

  private static Status enrol(ManagedChannel channel, EnrolRequest request, Metadata headers) {
    try {
      var unused =
          ClientCalls.blockingUnaryCall(
              io.grpc.ClientInterceptors.intercept(
                  channel, MetadataUtils.newAttachHeadersInterceptor(headers)),
              EnrolmentServiceGrpc.getEnrolMethod(),
              CallOptions.DEFAULT.withDeadlineAfter(20, TimeUnit.SECONDS),
              request);
      return Status.OK;
    } catch (StatusRuntimeException e) {
      return e.getStatus();
    }
  }

  private static Socket connect() throws IOException {
    Socket socket = new Socket(InetAddress.getLoopbackAddress(), rig.endpoint().port());
    socket.setSoTimeout(60_000);
    return socket;
  }

  private static void trickle(Socket socket, byte one) {
    try {
      OutputStream out = socket.getOutputStream();
      out.write(one);
      out.flush();
    } catch (IOException e) {
      assertThat(e).isInstanceOf(SocketException.class); // cut already
    }
  }

  private static void awaitEnd(Socket socket) throws IOException {
    try {
      assertThat(socket.getInputStream().readAllBytes()).hasSizeLessThan(100); // an alert
    } catch (SocketException e) {
      assertThat(e).hasMessageContaining("reset");
    }
  }
}
