package io.neurograft.simulator;

import static org.assertj.core.api.Assertions.assertThat;

import io.neurograft.client.config.NodeConfig;
import io.neurograft.coordinator.CoordinatorConfig;
import io.neurograft.coordinator.run.RunSpec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

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
}
