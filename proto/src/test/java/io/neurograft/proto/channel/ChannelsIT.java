package io.neurograft.proto.channel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import io.grpc.ManagedChannel;
import io.grpc.Server;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.StreamObserver;
import io.neurograft.proto.v1.ListRunsRequest;
import io.neurograft.proto.v1.ListRunsResponse;
import io.neurograft.proto.v1.OperatorServiceGrpc;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
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
  void server_clientIsUnknownOrShowsNothing_isRefused() throws IOException {
    assertThat(call(Optional.of(mutual()), Optional.of(stranger.trusting(server))))
        .isEqualTo("UNAVAILABLE");
    assertThat(call(Optional.of(mutual()), Optional.of(TlsSettings.trusting(server.certificate()))))
        .isEqualTo("UNAVAILABLE");
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
    assertThat(words(Optional.of(mutual()), Optional.of(trusting)))
        .isEqualTo("it asks for a certificate of an authority that it trusts, and was shown none");
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
    Server running =
        Channels.server(new Endpoint("127.0.0.1", 0), there).addService(new Echo()).build().start();
    try {
      return status(new Endpoint("127.0.0.1", running.getPort()), here);
    } finally {
      running.shutdownNow();
    }
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
