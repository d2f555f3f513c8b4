package io.neurograft.proto.channel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import io.grpc.ConnectivityState;
import io.grpc.Grpc;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.Server;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.GrpcSslContexts;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.StreamObserver;
import io.netty.handler.ssl.SslContext;
import io.neurograft.proto.v1.ListRunsRequest;
import io.neurograft.proto.v1.ListRunsResponse;
import io.neurograft.proto.v1.OperatorServiceGrpc;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSession;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class ChannelsIT {
  @TempDir static Path temporary;
  private static Certificates server;
  private static Certificates site;
  private static Certificates stranger;

  @BeforeAll
  static void make() throws Exception {
    server = Certificates.make(temporary, "server");
    site = Certificates.make(temporary, "site");
    stranger = Certificates.make(temporary, "stranger");
  }

  @Test
  void client_bothTrustEachOther_talks() throws IOException {
    assertThat(call(Optional.of(mutual()), Optional.of(site.trusting(server)))).isEqualTo("OK");
  }

  @Test
  void client_plainOnBothEnds_talks() throws IOException {
    assertThat(call(Optional.empty(), Optional.empty())).isEqualTo("OK");
  }

  @Test
  void client_serverIsNotTrusted_isRefused() throws IOException {
    assertThat(call(Optional.of(mutual()), Optional.of(site.trusting(stranger))))
        .isEqualTo("UNAVAILABLE");
  }

  @Test
  void server_clientIsUnknown_isRefused() throws IOException {
    assertThat(call(Optional.of(mutual()), Optional.of(stranger.trusting(server))))
        .isEqualTo("UNAVAILABLE");
  }

  /** Who enrols has no certificate yet; what may be called without one is the server's affair. */
  @Test
  void server_clientShowsNothing_isLetIn() throws IOException {
    assertThat(call(Optional.of(mutual()), Optional.of(TlsSettings.trusting(server.certificate()))))
        .isEqualTo("OK");
  }

  @Test
  void server_olderTls_isRefused() throws Exception {
    SslContext older =
        GrpcSslContexts.forClient()
            .trustManager(server.certificate().toFile())
            .protocols("TLSv1.2")
            .build();
    Server running = start(Optional.of(mutual()), Patience.DEFAULT);
    ManagedChannel channel =
        NettyChannelBuilder.forAddress("127.0.0.1", running.getPort()).sslContext(older).build();
    try {
      assertThatThrownBy(
              () ->
                  OperatorServiceGrpc.newBlockingStub(channel)
                      .listRuns(ListRunsRequest.getDefaultInstance()))
          .hasStackTraceContaining("PROTOCOL_VERSION");
      assertThat(status(at(running), Optional.of(site.trusting(server))).isOk()).isTrue();
    } finally {
      channel.shutdownNow();
      running.shutdownNow();
    }
  }

  /** A renewed certificate is shown at the next handshake, by both ends. */
  @Test
  void certificate_replacedInItsFile_isShownFromThenOn() throws Exception {
    Path folder = Files.createDirectory(temporary.resolve("renewed"));
    Certificates first = Certificates.make(folder, "first");
    Certificates second = Certificates.make(folder, "second");
    Server running = start(Optional.of(first.trusting(site)), Patience.DEFAULT);
    try {
      TlsSettings former = site.trusting(new Certificates(copy(first.certificate()), first.key()));
      assertThat(status(at(running), Optional.of(former)).isOk()).isTrue();

      Files.copy(second.key(), first.key(), StandardCopyOption.REPLACE_EXISTING);
      // Only one of the two is new: the former pair is still shown.
      assertThat(status(at(running), Optional.of(former)).isOk()).isTrue();
      Files.copy(second.certificate(), first.certificate(), StandardCopyOption.REPLACE_EXISTING);

      assertThat(status(at(running), Optional.of(site.trusting(second))).isOk()).isTrue();
      assertThat(status(at(running), Optional.of(former)).getDescription())
          .startsWith("its certificate is not trusted here");
    } finally {
      running.shutdownNow();
    }
  }

  /** A resumed session would still tell of the former certificate; so none is resumed. */
  @Test
  void channel_reconnectsAfterRenewal_isKnownByTheNewCertificate() throws Exception {
    Path folder = Files.createDirectory(temporary.resolve("reconnected"));
    Certificates first = Certificates.make(folder, "first");
    Certificates second = Certificates.make(folder, "second");
    Path both = Files.writeString(folder.resolve("both.pem"), "");
    for (Certificates one : List.of(first, second)) {
      Files.writeString(both, Files.readString(one.certificate()), StandardOpenOption.APPEND);
    }
    TlsSettings serving =
        new TlsSettings(
            Optional.of(both), Optional.of(server.certificate()), Optional.of(server.key()));
    List<String> shown = new CopyOnWriteArrayList<>();
    Server running =
        Channels.server(new Endpoint("127.0.0.1", 0), Optional.of(serving))
            .addService(new Echo())
            .intercept(new Shown(shown))
            .build()
            .start();
    ManagedChannel channel =
        Channels.client(at(running), Optional.of(first.trusting(server))).build();
    try {
      list(channel);
      Files.copy(second.key(), first.key(), StandardCopyOption.REPLACE_EXISTING);
      Files.copy(second.certificate(), first.certificate(), StandardCopyOption.REPLACE_EXISTING);
      channel.enterIdle();
      list(channel);
      assertThat(shown).containsExactly("CN=first", "CN=second");
    } finally {
      channel.shutdownNow();
      running.shutdownNow();
    }
  }

  /** Notes of each call whose certificate its connection has shown. */
  private record Shown(List<String> names) implements ServerInterceptor {
    @Override
    public <Q, A> ServerCall.Listener<Q> interceptCall(
        ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
      SSLSession session = call.getAttributes().get(Grpc.TRANSPORT_ATTR_SSL_SESSION);
      try {
        names.add(session.getPeerPrincipal().getName());
      } catch (SSLPeerUnverifiedException e) {
        names.add("nobody");
      }
      return next.startCall(call, headers);
    }
  }

  private static void list(ManagedChannel channel) {
    var unused =
        OperatorServiceGrpc.newBlockingStub(channel)
            .withDeadlineAfter(20, TimeUnit.SECONDS)
            .listRuns(ListRunsRequest.getDefaultInstance());
  }

  /** Half-open and slow connections are cut; they do not keep others out. */
  @Test
  void server_clientsThatDoNothing_areCut() throws Exception {
    Patience little = new Patience(Duration.ofMillis(500), Duration.ofMillis(500));
    Server running = start(Optional.of(mutual()), little);
    try (Socket silent = new Socket(InetAddress.getLoopbackAddress(), running.getPort());
        Socket slow = new Socket(InetAddress.getLoopbackAddress(), running.getPort())) {
      silent.setSoTimeout(10_000);
      slow.setSoTimeout(10_000);
      slow.getOutputStream().write(new byte[] {22, 3, 1}); // how a handshake begins
      assertThat(status(at(running), Optional.of(site.trusting(server))).isOk()).isTrue();
      assertThat(ends(silent)).isTrue();
      assertThat(ends(slow)).isTrue();

      ManagedChannel idle =
          Channels.client(at(running), Optional.of(site.trusting(server))).build();
      try {
        idle.getState(true);
        awaitState(idle, ConnectivityState.READY);
        awaitState(idle, ConnectivityState.IDLE);
      } finally {
        idle.shutdownNow();
      }
    } finally {
      running.shutdownNow();
    }
  }

  private static void awaitState(ManagedChannel channel, ConnectivityState wanted)
      throws InterruptedException {
    while (channel.getState(false) != wanted) {
      Thread.sleep(20);
    }
  }

  private static boolean ends(Socket socket) throws IOException {
    try {
      return socket.getInputStream().read() < 0;
    } catch (SocketException e) {
      return true;
    }
  }

  private static Path copy(Path file) throws IOException {
    return Files.copy(file, file.resolveSibling("copy-" + file.getFileName()));
  }

  @Test
  void server_withoutTrust_takesClientsWithoutCertificate() throws IOException {
    TlsSettings open = TlsSettings.serving(server.certificate(), server.key());

    assertThat(call(Optional.of(open), Optional.of(TlsSettings.trusting(server.certificate()))))
        .isEqualTo("OK");
  }

  @Test
  void client_cannotConnect_saysWhyInWords() throws Exception {
    TlsSettings open = TlsSettings.serving(server.certificate(), server.key());
    TlsSettings trusting = TlsSettings.trusting(server.certificate());
    Endpoint unused = new Endpoint("127.0.0.1", 1);

    assertThat(dial(unused, Optional.empty()))
        .isEqualTo("Connection refused; is it running there?");
    assertThat(dial(new Endpoint("nowhere.invalid", 1), Optional.empty()))
        .startsWith("unknown host: nowhere.invalid");
    assertThat(words(Optional.of(open), Optional.empty()))
        .isEqualTo("the connection was cut; is TLS expected there?");
    assertThat(words(Optional.empty(), Optional.of(trusting))).startsWith("no TLS is spoken there");
    assertThat(words(Optional.of(open), Optional.of(TlsSettings.trusting(site.certificate()))))
        .startsWith("its certificate is not trusted here");
    Path elsewhere = Files.createDirectory(temporary.resolve("elsewhere"));
    Certificates namesake = Certificates.make(elsewhere, "site");
    assertThat(words(Optional.of(mutual()), Optional.of(namesake.trusting(server))))
        .startsWith("it refused the TLS handshake; is the certificate shown one that it trusts?");
  }

  @Test
  void client_somethingElseListens_saysSo() throws Exception {
    HttpServer web =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    web.start();
    try {
      assertThat(dial(new Endpoint("127.0.0.1", web.getAddress().getPort()), Optional.empty()))
          .startsWith("what listens there is no coordinator");
    } finally {
      web.stop(0);
    }
  }

  @Test
  void keyOfAnotherCertificate_isRefusedOnBothEnds() {
    Endpoint endpoint = new Endpoint("127.0.0.1", 1);
    TlsSettings mixed = new Certificates(server.certificate(), site.key()).trusting(server);

    for (ThrowingCallable use :
        List.<ThrowingCallable>of(
            () -> Channels.server(endpoint, Optional.of(mixed)),
            () -> Channels.client(endpoint, Optional.of(mixed)))) {
      assertThatThrownBy(use)
          .isInstanceOf(ChannelSettingsException.class)
          .hasMessageContaining("site.key does not belong to the certificate in")
          .hasMessageContaining("server.pem");
    }
  }

  @Test
  void client_missingOrForeignPemFile_isNamed() throws IOException {
    Endpoint endpoint = new Endpoint("127.0.0.1", 1);
    Path missing = temporary.resolve("missing.pem");
    Path foreign = Files.writeString(temporary.resolve("foreign.pem"), "no certificate");

    assertThatThrownBy(() -> Channels.client(endpoint, Optional.of(TlsSettings.trusting(missing))))
        .isInstanceOf(ChannelSettingsException.class)
        .hasMessageContaining("no such file")
        .hasMessageContaining("missing.pem");
    assertThatThrownBy(() -> Channels.client(endpoint, Optional.of(TlsSettings.trusting(foreign))))
        .isInstanceOf(ChannelSettingsException.class)
        .hasMessageContaining("foreign.pem");
    assertThatThrownBy(
            () ->
                Channels.server(
                    endpoint, Optional.of(TlsSettings.serving(server.certificate(), foreign))))
        .isInstanceOf(ChannelSettingsException.class)
        .hasMessageContaining("foreign.pem");
    assertThatThrownBy(
            () -> new TlsSettings(Optional.empty(), Optional.of(foreign), Optional.empty()))
        .hasMessageContaining("only the certificate");
  }

  @Test
  void endpoint_textsOfPeople_areReadOrRefused() {
    assertThat(Endpoint.parse("127.0.0.1:7443")).isEqualTo(new Endpoint("127.0.0.1", 7443));
    assertThat(Endpoint.parse("[::1]:80")).hasToString("[::1]:80");
    for (String text : new String[] {"", "localhost", ":7443", "host:99999", "a b:1", "::1:7"}) {
      assertThatThrownBy(() -> Endpoint.parse(text)).isInstanceOf(ChannelSettingsException.class);
    }
  }

  private static TlsSettings mutual() {
    return server.trusting(site);
  }

  private static String call(Optional<TlsSettings> there, Optional<TlsSettings> here)
      throws IOException {
    return status(there, here).getCode().name();
  }

  private static String words(Optional<TlsSettings> there, Optional<TlsSettings> here)
      throws IOException {
    return String.valueOf(status(there, here).getDescription());
  }

  private static String dial(Endpoint endpoint, Optional<TlsSettings> tls) {
    return String.valueOf(status(endpoint, tls).getDescription());
  }

  private static Status status(Optional<TlsSettings> there, Optional<TlsSettings> here)
      throws IOException {
    Server running = start(there, Patience.DEFAULT);
    try {
      return status(at(running), here);
    } finally {
      running.shutdownNow();
    }
  }

  private static Server start(Optional<TlsSettings> tls, Patience patience) throws IOException {
    return Channels.server(new Endpoint("127.0.0.1", 0), tls, patience)
        .addService(new Echo())
        .build()
        .start();
  }

  private static Endpoint at(Server running) {
    return new Endpoint("127.0.0.1", running.getPort());
  }

  private static Status status(Endpoint endpoint, Optional<TlsSettings> tls) {
    ManagedChannel channel = Channels.client(endpoint, tls).build();
    try {
      var unused =
          OperatorServiceGrpc.newBlockingStub(channel)
              .withDeadlineAfter(20, TimeUnit.SECONDS)
              .listRuns(ListRunsRequest.getDefaultInstance());
      return Status.OK;
    } catch (StatusRuntimeException e) {
      return e.getStatus();
    } finally {
      channel.shutdownNow();
    }
  }

  private static final class Echo extends OperatorServiceGrpc.OperatorServiceImplBase {
    @Override
    public void listRuns(ListRunsRequest request, StreamObserver<ListRunsResponse> responses) {
      responses.onNext(ListRunsResponse.getDefaultInstance());
      responses.onCompleted();
    }
  }
}
