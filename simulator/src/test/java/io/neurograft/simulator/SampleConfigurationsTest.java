package io.neurograft.simulator;

import static org.assertj.core.api.Assertions.assertThat;

import io.neurograft.client.config.NodeConfig;
import io.neurograft.coordinator.CoordinatorConfig;
import io.neurograft.coordinator.run.RunSpec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.yaml.snakeyaml.Yaml;

/** The sample configurations in deploy/ are what the programs read. */
final class SampleConfigurationsTest {
  private static final Path DEPLOY = Path.of("..", "deploy");

  @ParameterizedTest
  @ValueSource(strings = {"coordinator.yaml", "tls/coordinator.yaml"})
  void coordinator_sample_isValid(String sample) {
    CoordinatorConfig config = CoordinatorConfig.read(DEPLOY.resolve(sample));

    assertThat(config.tls().isPresent()).isEqualTo(sample.startsWith("tls/"));
    assertThat(config.metrics()).isPresent();
  }

  @Test
  void coordinator_sharedSample_isValid() {
    CoordinatorConfig config = CoordinatorConfig.read(DEPLOY.resolve("shared.yaml"));

    assertThat(config.database()).isPresent();
    assertThat(config.artifacts().bucket()).isPresent();
    assertThat(config.tls()).isPresent();
  }

  @ParameterizedTest
  @ValueSource(strings = {"node.yaml", "second-node.yaml", "tls/node.yaml"})
  void node_sample_isValid(String sample) {
    NodeConfig config = NodeConfig.read(DEPLOY.resolve(sample));

    assertThat(config.coordinators().get(0).loopback()).isNotEqualTo(sample.startsWith("tls/"));
    assertThat(config.plaintext()).isFalse();
    assertThat(config.metrics()).isPresent();
  }

  @Test
  void run_sample_needsNoMoreSitesThanThereAre() throws IOException {
    RunSpec run = RunSpec.parse(Files.readString(DEPLOY.resolve("run.yaml")), "run.yaml");

    assertThat(run.minimumSites()).isEqualTo(2);
  }

  /** What is written besides the volume is gone with the container; nobody becomes root. */
  @Test
  void compose_services_mayWriteAndDoLittle() throws IOException {
    Map<String, Map<String, Object>> compose =
        new Yaml().load(Files.readString(DEPLOY.resolve("compose.yaml")));
    Map<String, Object> services = Objects.requireNonNull(compose.get("services"));

    assertThat(services.keySet()).extracting(Object::toString).contains("coordinator", "node");
    services
        .values()
        .forEach(
            service ->
                assertThat((Map<?, ?>) service)
                    .asInstanceOf(InstanceOfAssertFactories.map(Object.class, Object.class))
                    .containsEntry("read_only", true)
                    .containsEntry("cap_drop", List.of("ALL"))
                    .containsEntry("security_opt", List.of("no-new-privileges:true"))
                    .containsEntry("tmpfs", List.of("/tmp:exec,mode=1777,size=256m"))
                    .doesNotContainKeys("privileged", "cap_add", "user", "pid", "network_mode"));
  }

  @Test
  void images_runAsAUserThatOwnsNothingElse() throws IOException {
    assertThat(Files.readString(Path.of("..", "pom.xml"))).contains("<user>65532:65532</user>");
    assertThat(Files.readString(DEPLOY.resolve("images/base")))
        .contains("user=65532")
        .contains("install -d -o $user -g $user");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "User=neurograft",
        "NoNewPrivileges=yes",
        "CapabilityBoundingSet=",
        "ProtectSystem=strict",
        "ProtectHome=yes",
        "PrivateTmp=yes",
        "PrivateDevices=yes",
        "RestrictNamespaces=yes",
        "RestrictSUIDSGID=yes",
        "SystemCallFilter=@system-service",
        "UMask=0077"
      })
  void systemd_service_isHardened(String line) throws IOException {
    assertThat(Files.readAllLines(DEPLOY.resolve("systemd/neurograft@.service"))).contains(line);
  }
}
