package io.neurograft.coordinator;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.neurograft.coordinator.artifact.ArtifactSettings;
import io.neurograft.coordinator.rpc.RunSummary;
import io.neurograft.coordinator.rpc.ScriptedSite;
import io.neurograft.coordinator.rpc.ScriptedSite.Act;
import io.neurograft.coordinator.store.DatabaseSettings;
import io.neurograft.proto.v1.Task;
import io.neurograft.testing.PostgresServer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A run over a coordinator whose state is in a PostgreSQL that comes and goes. */
@Timeout(240)
final class PostgresIT {
  private static final JsonMapper JSON = JsonMapper.builder().build();

  @TempDir Path folder;

  @Test
  void run_databaseIsKilledAndCoordinatorStartedAgain_givesWhatSqliteGives() throws Exception {
    RunSummary ended;
    try (PostgresServer server = PostgresServer.start(folder);
        Rig rig =
            new Rig(
                folder.resolve("postgres-rig"),
                Optional.of(DatabaseSettings.of(server.newDatabase())),
                ArtifactSettings.DEFAULT)) {
      rig.site("b");
      rig.site("a", (task, time) -> Act.IGNORE);
      String run = rig.operator().create(Rig.spec(2, 1, "90s", true)).run();
      Rig.until(() -> trained(rig.operator().get(run)));

      server.kill();
      server.start();
      rig.restart();
      ScriptedSite first = rig.site("b");
      rig.site("a");
      ended = rig.awaitEnd(run);
      assertThat(ended.state()).as(ended.message()).isEqualTo("completed");
      assertThat(first.received()).as("its result was kept").noneMatch(Task::hasTrain);
      assertThat(Files.exists(folder.resolve("postgres-rig/coordinator/coordinator.db"))).isFalse();
    }
    try (Rig rig = new Rig(folder.resolve("sqlite-rig"))) {
      rig.site("b");
      rig.site("a");
      rig.awaitSites();
      RunSummary same = rig.awaitEnd(rig.operator().create(Rig.spec(2, 1, "90s", true)).run());
      assertThat(same.state()).as(same.message()).isEqualTo("completed");
      assertThat(result(ended).path("published")).isEqualTo(result(same).path("published"));
    }
  }

  private static boolean trained(RunSummary run) {
    return StreamSupport.stream(result(run).path("sites").spliterator(), false)
        .anyMatch(site -> site.path("state").asText().equals("done"));
  }

  private static JsonNode result(RunSummary run) {
    try {
      return JSON.readTree(run.result());
    } catch (com.fasterxml.jackson.core.JsonProcessingException e) {
      throw new AssertionError(run.result(), e);
    }
  }
}
