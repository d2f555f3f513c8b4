package io.neurograft.simulator;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import com.google.protobuf.CodedOutputStream;
import com.google.protobuf.WireFormat;
import io.grpc.Channel;
import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.health.v1.HealthGrpc;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Flags;
import io.netty.handler.codec.http2.Http2FrameTypes;
import io.neurograft.coordinator.rpc.OperatorClient;
import io.neurograft.proto.channel.Channels;
import io.neurograft.proto.channel.TlsSettings;
import io.neurograft.proto.identity.Credentials;
import io.neurograft.proto.identity.Identity;
import io.neurograft.proto.identity.IdentityFolder;
import io.neurograft.proto.identity.Role;
import io.neurograft.proto.identity.SigningRequest;
import io.neurograft.proto.identity.Token;
import io.neurograft.proto.v1.CheckRequest;
import io.neurograft.proto.v1.CreateRunRequest;
import io.neurograft.proto.v1.EnrolRequest;
import io.neurograft.proto.v1.EnrolmentServiceGrpc;
import io.neurograft.proto.v1.ListSitesRequest;
import io.neurograft.proto.v1.OperatorServiceGrpc;
import io.neurograft.proto.v1.SessionServiceGrpc;
import io.neurograft.testing.Waiting;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.zip.GZIPOutputStream;
import javax.net.ssl.SSLEngine;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Callers that mean harm, against one coordinator as it really runs, a process with its own
 * authority. What they get is exact, and whoever has a right to be served is served after each of
 * them by the same process; one site's session, begun before the first of them, outlives all.
 */
@Timeout(120)
final class HostileCallersIT {
  private static final Identity ALICE = new Identity(Role.OPERATOR, "alice");
  private static final Identity HOSPITAL = new Identity(Role.SITE, "hospital-a");

  /** Within which whoever is served is served, whatever others do. */
  private static final long ANSWER_SECONDS = 5;

  /** What strangers may call. */
  private static final String ENROL = EnrolmentServiceGrpc.getEnrolMethod().getFullMethodName();

  /** By how much the process may grow, of which its heap takes the most in the first place. */
  private static final long MODEST_MEBIBYTES = 100;

  @TempDir static Path folder;
  private static SecuredCoordinator coordinator;
  private static TlsSettings alice;
  private static TlsSettings hospital;
  private static SiteSession session;

  @BeforeAll
  static void start() throws Exception {
    coordinator = SecuredCoordinator.start(folder.resolve("coordinator"));
    alice = coordinator.showing(coordinator.enrol(ALICE));
    hospital = coordinator.showing(coordinator.enrol(HOSPITAL));
    session = SiteSession.attend(coordinator.channel(hospital), HOSPITAL.name());
    assertOthersAreServed();
  }

  @AfterAll
  static void stop() {
    if (session != null) {
      session.close();
    }
    if (coordinator != null) {
      coordinator.close();
    }
  }

  @Test
  void callerOfAnotherAuthority_isRefused_andOthersAreServed() throws Exception {
    IdentityFolder foreign =
        SecuredCoordinator.issue(
            folder.resolve("foreign"), ALICE, Instant.now(), Duration.ofHours(1));
    assertRefused(
        coordinator.ask(coordinator.showing(foreign), HostileCallersIT::listSites),
        Status.Code.UNAVAILABLE,
        "it refused the TLS handshake; is the certificate shown one that it trusts?");
    assertRefused(
        coordinator.ask(coordinator.showingNothing(), HostileCallersIT::listSites),
        Status.Code.UNAUTHENTICATED,
        "this call needs a certificate, and none was shown; enrol first");
    assertOthersAreServed();
  }

  @Test
  void callerWithExpiredCertificate_isRefused_andOthersAreServed() throws Exception {
    Identity site = new Identity(Role.SITE, "expired");
    IdentityFolder brief = coordinator.issue(site, Instant.now(), Duration.ofSeconds(3));
    Instant end = brief.credentials().certificate().getNotAfter().toInstant();
    try (SiteSession ends = attend(brief, site).awaitSignOfLife()) {
      IdentityFolder old =
          coordinator.issue(site, Instant.now().minusSeconds(7200), Duration.ofHours(1));
      assertRefused(
          coordinator.ask(coordinator.showing(old), check(site)),
          Status.Code.UNAVAILABLE,
          "it refused the TLS handshake; is the certificate shown one that it trusts?");
      // And one that expires while its connection is there.
      assertRefused(
          ends.awaitEnd(), Status.Code.UNAVAILABLE, "the certificate shown has expired meanwhile");
      assertThat(Instant.now()).isAfterOrEqualTo(end);
      assertRefused(
          SecuredCoordinator.ask(ends.channel(), check(site)),
          Status.Code.UNAVAILABLE,
          "the certificate shown has expired meanwhile; connect again with a new one");
    }
    assertOthersAreServed();
  }

  @Test
  void callerWhoWasRevoked_losesTheSessionAndIsRefused_andOthersAreServed() throws Exception {
    Identity site = new Identity(Role.SITE, "revoked");
    IdentityFolder identity = coordinator.enrol(site);
    String why = "the certificate of site revoked was revoked; ask for an invitation";
    try (SiteSession ends = attend(identity, site).awaitSignOfLife();
        OperatorClient operator = OperatorClient.to(coordinator.endpoint(), Optional.of(alice))) {
      assertThat(operator.revoke(site)).isEqualTo(1);
      assertRefused(ends.awaitEnd(), Status.Code.UNAUTHENTICATED, why);
      assertRefused(
          SecuredCoordinator.ask(ends.channel(), check(site)), Status.Code.UNAUTHENTICATED, why);
    }
    assertRefused(
        coordinator.ask(coordinator.showing(identity), check(site)),
        Status.Code.UNAUTHENTICATED,
        why);
    assertOthersAreServed();
  }

  @Test
  void callerInAnotherRole_isRefused_andOthersAreServed() throws Exception {
    TlsSettings viewer = coordinator.showing(coordinator.enrol(new Identity(Role.VIEWER, "bob")));
    assertThat(coordinator.ask(viewer, HostileCallersIT::listSites).isOk()).isTrue();
    assertRefused(
        coordinator.ask(viewer, create("name: own")),
        Status.Code.PERMISSION_DENIED,
        "this call is for operator; the certificate shown is of viewer bob");
    assertRefused(
        coordinator.ask(hospital, HostileCallersIT::listSites),
        Status.Code.PERMISSION_DENIED,
        "this call is for operator or viewer; the certificate shown is of site hospital-a");
    assertRefused(
        coordinator.ask(alice, check(HOSPITAL)),
        Status.Code.PERMISSION_DENIED,
        "this call is for site; the certificate shown is of operator alice");
    assertRefused(
        coordinator.ask(hospital, check(new Identity(Role.SITE, "hospital-b"))),
        Status.Code.PERMISSION_DENIED,
        "the certificate shown is not of site hospital-b; a site speaks for itself alone");
    assertOthersAreServed();
  }

  @Test
  void callerWithReplayedToken_isRefused_andOthersAreServed() throws Exception {
    Token token;
    try (OperatorClient operator = OperatorClient.to(coordinator.endpoint(), Optional.of(alice))) {
      Identity invited = new Identity(Role.SITE, "invited");
      token = Token.parse(operator.invite(invited, Duration.ofMinutes(5)).token());
    }
    SecureRandom random = new SecureRandom();
    byte[] request = SigningRequest.of(Credentials.newKeys(random));
    byte[] thief = SigningRequest.of(Credentials.newKeys(random));
    ManagedChannel stranger = Channels.enrolling(coordinator.endpoint(), token).build();
    try {
      assertThat(SecuredCoordinator.ask(stranger, enrol(token.secret(), request)).isOk()).isTrue();
      assertRefused(
          SecuredCoordinator.ask(stranger, enrol(token.secret(), thief)),
          Status.Code.UNAUTHENTICATED,
          "this token was used already; ask for another");
      assertRefused(
          SecuredCoordinator.ask(stranger, enrol("x".repeat(32), thief)),
          Status.Code.UNAUTHENTICATED,
          "there is no such token");
    } finally {
      stranger.shutdownNow();
    }
    assertOthersAreServed();
  }

  @Test
  void callerWhoTruncatesTheHandshake_isForgotten_andOthersAreServed() throws Exception {
    byte[] hello = clientHello();
    int half = hello.length / 2;
    for (int length : new int[] {1, 5, 6, half, hello.length - 1, hello.length}) {
      try (Socket ends = connect()) {
        ends.getOutputStream().write(hello, 0, length);
        ends.shutdownOutput();
        awaitEnd(ends, Duration.ofSeconds(5));
      }
      try (Socket torn = connect()) {
        torn.getOutputStream().write(hello, 0, length);
        torn.setSoLinger(true, 0); // closed by a reset
      }
    }
    assertOthersAreServed();
  }

  @Test
  void callerWithOversizedMessage_isRefusedWithoutTheMemory_andOthersAreServed() throws Exception {
    byte[] bomb = bomb(256 << 20);
    long before = memory();
    assertRefused(
        coordinator.ask(alice, create("x".repeat(5 << 20))),
        Status.Code.RESOURCE_EXHAUSTED,
        "gRPC message exceeds maximum size 4194304: 5242885");
    try (RawConnection stranger = raw().begin()) {
      // Says that 2 GiB come.
      stranger.call(1, ENROL).data(1, message(0, Integer.MAX_VALUE));
      // Brings a quarter of a MiB that unpacks to 256 MiB.
      stranger.call(3, ENROL, "grpc-encoding", "gzip").data(3, message(1, bomb.length));
      stranger.data(3, bomb).end(3).flush();
      until(() -> !stranger.answers().status(1).isEmpty());
      assertThat(stranger.answers().status(1))
          .isEqualTo(
              "%d gRPC message exceeds maximum size 4194304: 2147483647"
                  .formatted(Status.Code.RESOURCE_EXHAUSTED.value()));
      until(() -> !stranger.answers().status(3).isEmpty());
      assertThat(stranger.answers().status(3))
          .isEqualTo(Status.Code.UNIMPLEMENTED.value() + " Can't find decompressor for gzip");
      // And one that is no message.
      stranger.call(5, ENROL).data(5, message(0, 4)).data(5, new byte[] {-1, -1, -1, -1}).end(5);
      stranger.flush();
      until(() -> !stranger.answers().status(5).isEmpty());
      assertThat(coordinator.log()).doesNotContain("Exception while executing runnable");
    }
    assertModestMemory(before);
    assertOthersAreServed();
  }

  /** Each stream brings all but the last of a message's four megabytes: 240 MB in all. */
  @Test
  void callerWhoNeverEndsItsMessages_hasFewHeld_andOthersAreServed() throws Exception {
    long before = memory();
    byte[] part = new byte[(4 << 20) - 5];
    try (RawConnection stranger = raw().begin()) {
      writeUntilCut(
          stranger,
          i ->
              stranger
                  .call(1 + 2 * i, ENROL)
                  .data(1 + 2 * i, message(0, 4 << 20))
                  .data(1 + 2 * i, part),
          60);
      assertOthersAreServed();
    }
    assertModestMemory(before);
    assertOthersAreServed();
  }

  /** Half of them say nothing, the others a byte now and then, for as long as they are let. */
  @Test
  void callersWhoStallTheHandshake_areCutAfterTenSeconds_andOthersAreServed() throws Exception {
    byte[] hello = clientHello();
    List<Socket> open = new ArrayList<>();
    long start = System.nanoTime();
    try {
      for (int i = 0; i < 60; i++) {
        open.add(connect());
      }
      List<Socket> trickling = open.subList(0, 30);
      for (int sent = 0; !open.stream().allMatch(HostileCallersIT::isCut); sent++) {
        assertThat(seconds(start)).isLessThan(20);
        for (Socket socket : trickling) {
          trickle(socket, hello[sent]);
        }
        assertOthersAreServed();
      }
      assertThat(seconds(start)).isBetween(9.0, 15.0);
    } finally {
      for (Socket socket : open) {
        socket.close();
      }
    }
    assertOthersAreServed();
  }

  /** They have said nothing, or half of a handshake, or all but the first call. */
  @Test
  void callersWhoHold300ConnectionsHalfOpen_keepNobodyOut() throws Exception {
    byte[] hello = clientHello();
    List<AutoCloseable> open = new ArrayList<>();
    try {
      for (int i = 0; i < 120; i++) {
        open.add(connect());
        Socket half = connect();
        half.getOutputStream().write(hello, 0, hello.length / 2);
        open.add(half);
      }
      for (int i = 0; i < 60; i++) {
        open.add(raw().begin().flush());
      }
      for (int i = 0; i < 3; i++) {
        assertOthersAreServed();
      }
    } finally {
      for (AutoCloseable one : open) {
        one.close();
      }
    }
    assertOthersAreServed();
  }

  @Test
  void callerWithHugeMetadata_isCut_andOthersAreServed() throws Exception {
    long before = memory();
    byte[] headers = RawConnection.headers(ENROL);
    ByteArrayOutputStream more = new ByteArrayOutputStream();
    RawConnection.header(more, "padding", "x".repeat(8_000));
    // Headers without an end, by pieces of 8000 bytes and of none.
    for (byte[] piece : new byte[][] {more.toByteArray(), new byte[0]}) {
      try (RawConnection endless = raw().begin()) {
        endless.frame(Http2FrameTypes.HEADERS, 0, 1, headers);
        writeUntilCut(
            endless, i -> endless.frame(Http2FrameTypes.CONTINUATION, 0, 1, piece), 200_000);
        endless.awaitEnd(Duration.ofSeconds(5));
      }
    }
    // A header that is remembered, and named 12000 times by one byte: 48 MB.
    try (RawConnection bomb = raw().begin()) {
      ByteArrayOutputStream block = new ByteArrayOutputStream();
      block.writeBytes(headers);
      block.write(0x40);
      RawConnection.text(block, "padding");
      RawConnection.text(block, "x".repeat(4_000));
      byte[] again = new byte[12_000];
      Arrays.fill(again, (byte) 0xbe);
      block.writeBytes(again);
      bomb.frame(Http2FrameTypes.HEADERS, Http2Flags.END_HEADERS, 1, block.toByteArray()).flush();
      bomb.awaitEnd(Duration.ofSeconds(5));
    }
    assertModestMemory(before);
    assertOthersAreServed();
  }

  /** Of a call for which strangers' allowance does not count, so that others may still enrol. */
  @Test
  void callerWhoOpensAndResetsStreamsByThousands_isCut_andOthersAreServed() throws Exception {
    long before = memory();
    byte[] headers = RawConnection.headers(HealthGrpc.getCheckMethod().getFullMethodName());
    byte[] cancel = ByteBuffer.allocate(4).putInt((int) Http2Error.CANCEL.code()).array();
    try (RawConnection flood = raw().begin()) {
      CompletableFuture<Void> over =
          CompletableFuture.runAsync(
              () ->
                  writeUntilCut(
                      flood,
                      i ->
                          flood
                              .frame(
                                  Http2FrameTypes.HEADERS,
                                  Http2Flags.END_HEADERS,
                                  1 + 2 * i,
                                  headers)
                              .frame(Http2FrameTypes.RST_STREAM, 0, 1 + 2 * i, cancel),
                      20_000));
      do {
        assertOthersAreServed();
      } while (!over.isDone());
      over.get(1, TimeUnit.SECONDS);
      flood.awaitEnd(Duration.ofSeconds(5));
    }
    assertModestMemory(before);
    assertOthersAreServed();
  }

  @Test
  void callerWhoSendsGarbageAfterThePreface_isCut_andOthersAreServed() throws Exception {
    Random random = new Random(5);
    for (int i = 0; i < 8; i++) {
      byte[] garbage = new byte[4096];
      random.nextBytes(garbage);
      try (RawConnection wrong = raw().begin().bytes(garbage).flush()) {
        wrong.awaitEnd(Duration.ofSeconds(5));
      }
    }
    assertOthersAreServed();
  }

  /** New connections of an operator and of a site, and the session that was there before. */
  private static void assertOthersAreServed() throws InterruptedException {
    Status listed = coordinator.ask(alice, HostileCallersIT::listSites);
    assertThat(listed.isOk()).as("operator: " + listed).isTrue();
    Status checked = coordinator.ask(hospital, check(HOSPITAL));
    assertThat(checked.isOk()).as("site: " + checked).isTrue();
    session.awaitSignOfLife();
  }

  private static void assertRefused(Status status, Status.Code code, String words) {
    assertThat(status.getCode()).as(status.toString()).isEqualTo(code);
    assertThat(status.getDescription()).startsWith(words);
  }

  private static SiteSession attend(IdentityFolder identity, Identity site) {
    return SiteSession.attend(coordinator.channel(coordinator.showing(identity)), site.name());
  }

  private static void listSites(Channel channel) {
    var unused =
        OperatorServiceGrpc.newBlockingStub(channel)
            .withDeadlineAfter(ANSWER_SECONDS, TimeUnit.SECONDS)
            .listSites(ListSitesRequest.getDefaultInstance());
  }

  private static Consumer<Channel> create(String specification) {
    return channel ->
        OperatorServiceGrpc.newBlockingStub(channel)
            .withDeadlineAfter(ANSWER_SECONDS, TimeUnit.SECONDS)
            .createRun(CreateRunRequest.newBuilder().setSpecification(specification).build());
  }

  private static Consumer<Channel> check(Identity site) {
    return channel ->
        SessionServiceGrpc.newBlockingStub(channel)
            .withDeadlineAfter(ANSWER_SECONDS, TimeUnit.SECONDS)
            .check(CheckRequest.newBuilder().setSite(site.name()).build());
  }

  private static Consumer<Channel> enrol(String secret, byte[] request) {
    return channel ->
        EnrolmentServiceGrpc.newBlockingStub(channel)
            .withDeadlineAfter(ANSWER_SECONDS, TimeUnit.SECONDS)
            .enrol(
                EnrolRequest.newBuilder()
                    .setSecret(secret)
                    .setSigningRequest(ByteString.copyFrom(request))
                    .build());
  }

  private static RawConnection raw() throws Exception {
    return RawConnection.open(coordinator.endpoint(), coordinator.trust());
  }

  /** A frame, or several, of a flood. */
  private interface Wave {
    void write(int index) throws IOException;
  }

  private static void writeUntilCut(RawConnection connection, Wave wave, int most) {
    try {
      for (int i = 0; i < most && !connection.isCut(); i++) {
        wave.write(i);
      }
      connection.flush();
    } catch (IOException e) {
      assertThat(e).isInstanceOf(SocketException.class); // cut
    }
  }

  /** The resident memory in MiB, from which the peak is counted; 0 where it cannot be told. */
  private static long memory() throws IOException {
    coordinator.process().resetPeaks();
    return coordinator.process().peakMemory().orElse(0);
  }

  private static void assertModestMemory(long before) throws IOException {
    assertThat(coordinator.log()).doesNotContain("OutOfMemoryError");
    assertThat(coordinator.process().peakMemory().orElse(0)).isLessThan(before + MODEST_MEBIBYTES);
  }

  /** What stands before a message of gRPC: whether it is packed, and how long it is. */
  private static byte[] message(int packed, int length) {
    return ByteBuffer.allocate(5).put((byte) packed).putInt(length).array();
  }

  /** A request as it should be, but for the size of what it brings; compressed. */
  private static byte[] bomb(int size) throws IOException {
    ByteArrayOutputStream packed = new ByteArrayOutputStream();
    try (GZIPOutputStream out = new GZIPOutputStream(packed)) {
      CodedOutputStream field = CodedOutputStream.newInstance(out);
      field.writeTag(
          EnrolRequest.SIGNING_REQUEST_FIELD_NUMBER, WireFormat.WIRETYPE_LENGTH_DELIMITED);
      field.writeUInt32NoTag(size);
      field.flush();
      byte[] zeros = new byte[1 << 20];
      for (int at = 0; at < size; at += zeros.length) {
        out.write(zeros);
      }
    }
    return packed.toByteArray();
  }

  private static byte[] clientHello() throws Exception {
    SSLEngine engine = RawConnection.context(coordinator.trust()).createSSLEngine();
    engine.setUseClientMode(true);
    engine.setSSLParameters(RawConnection.parameters());
    ByteBuffer record = ByteBuffer.allocate(engine.getSession().getPacketBufferSize());
    engine.wrap(ByteBuffer.allocate(0), record);
    return Arrays.copyOf(record.array(), record.position());
  }

  private static Socket connect() throws IOException {
    return new Socket(InetAddress.getLoopbackAddress(), coordinator.endpoint().port());
  }

  private static void trickle(Socket socket, byte one) {
    try {
      socket.getOutputStream().write(one);
    } catch (IOException e) {
      assertThat(isCut(socket)).isTrue();
    }
  }

  private static boolean isCut(Socket socket) {
    try {
      awaitEnd(socket, Duration.ofMillis(1));
      return true;
    } catch (SocketTimeoutException e) {
      return false;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * Waits until the server closes a connection.
   *
   * @throws SocketTimeoutException if it stays silent for so long
   */
  private static void awaitEnd(Socket socket, Duration silence) throws IOException {
    socket.setSoTimeout((int) silence.toMillis());
    try {
      assertThat(socket.getInputStream().readAllBytes()).hasSizeLessThan(8_000);
    } catch (SocketException e) {
      assertThat(e).hasMessageContaining("reset");
    }
  }

  private static double seconds(long start) {
    return (System.nanoTime() - start) / 1e9;
  }

  private static void until(BooleanSupplier holds) {
    Waiting.until(Duration.ofSeconds(10), holds);
  }
}
