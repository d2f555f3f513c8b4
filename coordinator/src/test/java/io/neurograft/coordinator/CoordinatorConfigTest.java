package io.neurograft.coordinator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.neurograft.coordinator.artifact.ArtifactSettings;
import io.neurograft.coordinator.artifact.BucketSettings;
import io.neurograft.coordinator.authority.ServerTls;
import io.neurograft.coordinator.store.DatabaseSettings;
import io.neurograft.neural.config.InvalidInputException;
import io.neurograft.neural.tensor.DeviceSetting;
import io.neurograft.proto.artifact.ArtifactFolder;
import io.neurograft.proto.channel.Endpoint;
import io.neurograft.proto.channel.TlsSettings;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class CoordinatorConfigTest {
  @TempDir Path folder;

  @Test
  void read_onlyAFolder_takesTheDefaults() throws IOException {
    CoordinatorConfig config = read("folder: here\n");
    assertThat(config)
        .isEqualTo(
            CoordinatorConfig.of(new Endpoint("127.0.0.1", 7443), folder.resolve("here"), 1));
    assertThat(config.heartbeat()).isEqualTo(Duration.ofSeconds(10));
    assertThat(config.lease()).isEqualTo(Duration.ofSeconds(60));
    assertThat(config.largestArtifact()).isEqualTo(ArtifactFolder.DEFAULT_MAX_BYTES);
  }

  @Test
  void read_everyKey_isTaken() throws IOException {
    CoordinatorConfig config =
        read(
            """
            listen: 0.0.0.0:9000
            folder: /var/lib/neurograft
            database: {url: "jdbc:postgresql://db/runs?sslmode=require", user: me, password-file: secret}
            artifacts:
              bucket: s3://models/runs
              endpoint: http://127.0.0.1:9000
              region: eu-central-1
              credentials: s3.credentials
              cache-mib: 512
              unreferenced-after: 10m
              unreported: 20GiB
            threads: 4
            device: cpu
            tls: {certificate: c.pem, key: k.pem, trust: ca.pem}
            authority: {certificate: ca.pem, key: ca.key, lifetime: 7d}
            metrics: {port: 9100, address: 0.0.0.0}
            heartbeat: 2s
            lease: 5m
            takeover: 3s
            largest-artifact: 1000
            minimum-free: 2GiB
            """);
    assertThat(config)
        .isEqualTo(
            new CoordinatorConfig(
                new Endpoint("0.0.0.0", 9000),
                Path.of("/var/lib/neurograft"),
                Optional.of(
                    new DatabaseSettings(
                        "jdbc:postgresql://db/runs?sslmode=require",
                        Optional.of("me"),
                        Optional.empty(),
                        Optional.of(folder.resolve("secret")))),
                new ArtifactSettings(
                    Optional.of(
                        new BucketSettings(
                            "models",
                            "runs/",
                            Optional.of(URI.create("http://127.0.0.1:9000")),
                            "eu-central-1",
                            Optional.of(folder.resolve("s3.credentials")),
                            512L << 20)),
                    Duration.ofMinutes(10),
                    OptionalLong.of(20L << 30)),
                4,
                new DeviceSetting(DeviceSetting.Kind.CPU, 0),
                Optional.of(
                    new ServerTls(
                        List.of(),
                        Optional.of(
                            new TlsSettings(
                                Optional.of(folder.resolve("ca.pem")),
                                Optional.of(folder.resolve("c.pem")),
                                Optional.of(folder.resolve("k.pem")))),
                        Optional.of(
                            new ServerTls.Files(
                                folder.resolve("ca.pem"), folder.resolve("ca.key"))),
                        Duration.ofDays(7))),
                Optional.of(new Endpoint("0.0.0.0", 9100)),
                Duration.ofSeconds(2),
                Duration.ofMinutes(5),
                Duration.ofSeconds(3),
                1000,
                2L << 30));
  }

  @Test
  void read_manyFaults_namesAllOfThem() {
    assertThatThrownBy(
            () ->
                read(
                    """
                    listen: nowhere
                    database: {url: "mysql://db", password: a, password-file: b}
                    artifacts: {bucket: models, endpoint: somewhere, unreferenced-after: 1ms}
                    threads: 0
                    tls: {certificate: c.pem}
                    metrics: {}
                    lease: 1ms
                    colour: red
                    """))
        .isInstanceOf(InvalidInputException.class)
        .hasMessageContaining("listen: expected HOST:PORT")
        .hasMessageContaining("folder: is missing")
        .hasMessageContaining("database: expected a URL jdbc:postgresql://HOST:PORT/DATABASE")
        .hasMessageContaining("database: expected password or password-file, found both")
        .hasMessageContaining("artifacts.bucket: expected s3://NAME or s3://NAME/PREFIX")
        .hasMessageContaining("artifacts.endpoint: expected http://HOST:PORT")
        .hasMessageContaining("artifacts.unreferenced-after: expected at least 1s")
        .hasMessageContaining("threads")
        .hasMessageContaining("tls.key: is missing")
        .hasMessageContaining("metrics.port: is missing")
        .hasMessageContaining("lease: expected at least 100ms")
        .hasMessageContaining("colour: unknown key");
  }

  /** Plain text only where nobody else can connect, or where it was asked for in so many words. */
  @Test
  void read_nothingSaidOfTls_dependsOnWhoCanConnect() throws IOException {
    assertThat(read("folder: here\nlisten: localhost:1\n").tls()).isEmpty();
    assertThat(read("folder: here\nlisten: \"[::1]:1\"\n").tls()).isEmpty();
    assertThat(read("folder: here\nlisten: 0.0.0.0:1\n").tls()).contains(ServerTls.DEFAULT);
    assertThat(read("folder: here\nlisten: 10.0.0.7:1\n").tls()).contains(ServerTls.DEFAULT);
    assertThat(read("folder: here\nlisten: 0.0.0.0:1\nplaintext: true\n").tls()).isEmpty();
    assertThat(read("folder: here\ntls: {names: [a.example.org, 10.0.0.7]}\n").tls())
        .map(ServerTls::names)
        .contains(List.of("a.example.org", "10.0.0.7"));
    assertThatThrownBy(() -> read("folder: here\nplaintext: true\ntls: {names: [a b]}\n"))
        .hasMessageContaining("plaintext: expected plain text or tls and authority, found both")
        .hasMessageContaining("tls.names[0]: expected a host name or an address");
  }

  @Test
  void read_databaseAsAUrl_isTaken() throws IOException {
    String url = "jdbc:postgresql://127.0.0.1:5432/runs?user=me";
    assertThat(read("folder: here\ndatabase: " + url + "\n").database())
        .contains(DatabaseSettings.of(url));
  }

  @Test
  void read_passwordInTheUrl_isRefusedAndNotRepeated() {
    assertThatThrownBy(
            () -> read("folder: here\ndatabase: jdbc:postgresql://db/runs?user=me&password=hush\n"))
        .hasMessageContaining("database: expected a URL without a password")
        .message()
        .doesNotContain("hush");
  }

  private CoordinatorConfig read(String yaml) throws IOException {
    Path file = folder.resolve("coordinator.yaml");
    Files.writeString(file, yaml);
    return CoordinatorConfig.read(file);
  }
}
