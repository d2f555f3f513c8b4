package io.neurograft.proto.channel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.grpc.ManagedChannel;
import io.grpc.Server;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.StreamObserver;
import io.neurograft.proto.v1.ListRunsRequest;
import io.neurograft.proto.v1.ListRunsResponse;
import io.neurograft.proto.v1.OperatorServiceGrpc;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
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
    Server running =
        Channels.server(new Endpoint("127.0.0.1", 0), there).addService(new Echo()).build().start();
    ManagedChannel channel =
        Channels.client(new Endpoint("127.0.0.1", running.getPort()), here).build();
    try {
      var unused =
          OperatorServiceGrpc.newBlockingStub(channel)
              .withDeadlineAfter(20, TimeUnit.SECONDS)
              .listRuns(ListRunsRequest.getDefaultInstance());
      return Status.Code.OK.name();
    } catch (StatusRuntimeException e) {
      return e.getStatus().getCode().name();
    } finally {
      channel.shutdownNow();
      running.shutdownNow();
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
