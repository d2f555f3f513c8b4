package io.neurograft.client.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.neurograft.client.config.DataConfig.Partition;
import io.neurograft.client.guard.Guards;
import io.neurograft.client.guard.Guards.Privacy;
import io.neurograft.client.guard.Kind;
import io.neurograft.neural.config.Fault;
import io.neurograft.neural.config.InvalidInputException;
import io.neurograft.neural.data.Partitioner.Dirichlet;
import io.neurograft.neural.tensor.DeviceSetting;
import io.neurograft.proto.channel.Endpoint;
import io.neurograft.proto.channel.TlsSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class NodeConfigTest {
  @TempDir Path folder;

  @Test
  void read_onlyWhatIsRequired_hasTheDefaults() throws IOException {
    NodeConfig config =
        read(
            """
            coordinator: coordinator.example:7443
            site: hospital-a
            folder: node-a
            data: {uri: glyphs}
            """);

    assertThat(config)
        .isEqualTo(
            new NodeConfig(
                List.of(new Endpoint("coordinator.example", 7443)),
                "hospital-a",
                folder.resolve("node-a"),
                new DataConfig("glyphs", 0.1, Optional.empty()),
                Optional.empty(),
                256 << 20,
                1,
                DeviceSetting.AUTO,
                Optional.empty(),
                false,
                Optional.empty(),
                Duration.ofSeconds(20),
                128 << 20,
                Guards.DEFAULTS));
    assertThat(config.guards())
        .isEqualTo(
            new Guards(
                EnumSet.of(Kind.GRAMS, Kind.STEP, Kind.REFINEMENT, Kind.HEAD),
                64,
                1L << 30,
                6,
                false,
                2,
                Optional.empty()));
  }

  @Test
  void read_everything_isTakenOver() throws IOException {
    NodeConfig config =
        read(
            """
            coordinator: ["[::1]:7443", "b.example:7443"]
            site: hospital-a
            folder: /srv/node-a
            data:
              uri: "mnist:/data"
              hold-back: 0.25
              partition: {dirichlet: {alpha: 0.3, min-partition-size: 5, seed: 42}, of: 4, index: 3}
            member: trained.safetensors
            kept-memory-mib: 12
            threads: 2
            device: gpu:1
            tls: {trust: ca.pem, certificate: site.pem, key: /etc/site.key}
            metrics: {address: 0.0.0.0, port: 9101}
            keepalive: 50s
            minimum-free: 3GiB
            guards:
              answers: [step, grams]
              minimum-rows: 500
              largest-answer-mib: 16
              repeats: 1
              masked-only: true
              minimum-sites: 5
              privacy: {epsilon: 0.5, delta: 0.000001, clip: 10, lifetime-epsilon: 2}
            """);

    assertThat(config)
        .isEqualTo(
            new NodeConfig(
                List.of(new Endpoint("::1", 7443), new Endpoint("b.example", 7443)),
                "hospital-a",
                Path.of("/srv/node-a"),
                new DataConfig(
                    "mnist:/data",
                    0.25,
                    Optional.of(new Partition(new Dirichlet(0.3, 5, 42), 4, 3))),
                Optional.of(folder.resolve("trained.safetensors")),
                12 << 20,
                2,
                new DeviceSetting(DeviceSetting.Kind.GPU, 1),
                Optional.of(
                    new TlsSettings(
                        Optional.of(folder.resolve("ca.pem")),
                        Optional.of(folder.resolve("site.pem")),
                        Optional.of(Path.of("/etc/site.key")))),
                false,
                Optional.of(new Endpoint("0.0.0.0", 9101)),
                Duration.ofSeconds(50),
                3L << 30,
                new Guards(
                    EnumSet.of(Kind.GRAMS, Kind.STEP),
                    500,
                    16 << 20,
                    1,
                    true,
                    5,
                    Optional.of(new Privacy(0.5, 1e-6, 10, OptionalDouble.of(2))))));
  }

  @Test
  void read_metricsPortAlone_staysOnThisMachine() throws IOException {
    NodeConfig config =
        read(
            """
            {coordinator: "a:1", site: s, folder: f, data: {uri: glyphs}, metrics: {port: 9101}}
            """);

    assertThat(config.metrics()).contains(new Endpoint("127.0.0.1", 9101));
  }

  @Test
  void read_noAnswers_isNotTheDefault() throws IOException {
    assertThat(guards("answers: []").answers()).isEmpty();
  }

  @Test
  void read_privacyWithoutItsOptions_hasADeltaAndNoLifetime() throws IOException {
    assertThat(guards("privacy: {epsilon: 1, clip: 2}").privacy())
        .contains(new Privacy(1, 1e-5, 2, OptionalDouble.empty()));
  }

  @Test
  void read_guardsWithFaults_tellsThemAllAtOnce() {
    var e =
        catchThrowableOfType(
            InvalidInputException.class,
            () ->
                guards(
                    """
                    answers: [grams, labels, key]
                    minimum-rows: 0
                    largest-answer-mib: 0.5
                    repeats: 0
                    masked-only: maybe
                    minimum-sites: 1
                    privacy: {epsilon: 2, delta: 0, lifetime-epsilon: 1}
                    noise: none
                    """));

    assertThat(e.faults())
        .extracting(Fault::place)
        .containsExactlyInAnyOrder(
            "guards.answers[1]",
            "guards.answers[2]",
            "guards.minimum-rows",
            "guards.largest-answer-mib",
            "guards.repeats",
            "guards.masked-only",
            "guards.minimum-sites",
            "guards.privacy.delta",
            "guards.privacy.clip",
            "guards.privacy.lifetime-epsilon",
            "guards.noise");
    assertThat(e.getMessage())
        .contains("expected one of grams, step, refinement, head, found \"labels\"");
  }

  @ParameterizedTest
  @ValueSource(strings = {"answers:", "privacy:"})
  void read_guardWithoutItsValue_isAFaultAndNotTheDefault(String line) {
    assertThatThrownBy(() -> guards(line))
        .isInstanceOf(InvalidInputException.class)
        .hasMessageContaining("found nothing");
  }

  @Test
  void read_manyFaults_tellsThemAllAtOnce() {
    var e =
        catchThrowableOfType(
            InvalidInputException.class,
            () ->
                read(
                    """
                    coordinator: [localhost, "b:7443", "c:0"]
                    site: Hospital A
                    data: {uri: "imap:x", hold-back: 1.5, partition: {iid: {}, of: 2, index: 2}}
                    threads: many
                    tls: {certificate: site.pem}
                    metrics: {port: 99999}
                    keepalive: 5s
                    minimum-free: lots
                    colour: blue
                    """));

    assertThat(e.faults())
        .extracting(Fault::place)
        .containsExactlyInAnyOrder(
            "coordinator[0]",
            "coordinator[2]",
            "site",
            "folder",
            "data.uri",
            "data.hold-back",
            "data.partition.index",
            "threads",
            "tls",
            "metrics.port",
            "keepalive",
            "minimum-free",
            "colour");
    assertThat(e.getMessage()).contains("node.yaml").doesNotContain("\n");
  }

  private Guards guards(String yaml) throws IOException {
    String node =
        """
        coordinator: coordinator.example:7443
        site: hospital-a
        folder: node-a
        data: {uri: glyphs}
        guards:
        """;
    return read(node + yaml.indent(2)).guards();
  }

  private NodeConfig read(String yaml) throws IOException {
    return NodeConfig.read(Files.writeString(folder.resolve("node.yaml"), yaml));
  }
}
