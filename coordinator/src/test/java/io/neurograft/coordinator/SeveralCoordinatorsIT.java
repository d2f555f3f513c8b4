package io.neurograft.coordinator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.neurograft.coordinator.artifact.ArtifactSettings;
import io.neurograft.coordinator.rpc.RunSummary;
import io.neurograft.coordinator.store.DatabaseSettings;
import io.neurograft.neural.config.InvalidInputException;
import io.neurograft.testing.PostgresServer;
import io.neurograft.testing.S3Server;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Two coordinators, each a process of its own, on one database and one bucket: a run goes on with
 * whichever is there.
 */
@Timeout(300)
final class SeveralCoordinatorsIT {
  @TempDir Path folder;

  @Test
  void run_leaderStandsStillThenTheOtherIsKilled_givesWhatOneCoordinatorGives() throws Exception {
    try (PostgresServer database = PostgresServer.start(folder);
        S3Server bucket = S3Server.start(folder.resolve("server"))) {
      String shared = shared(database, bucket);
      try (Killable one = new Killable(folder.resolve("one"), shared);
          Killable two = new Killable(folder.resolve("two"), shared)) {
        one.start();
        two.start();
        one.sites("a");
        two.sites("b");
        String run = one.operator().create(Rig.spec(2, 2, "120s", true)).run();
        two.await(run, now -> now.round() >= 1);

        one.pause();
        two.sites("a"); // its former line stands still
        two.await(run, now -> now.round() >= 2);
        one.goOn();
        Rig.until(() -> one.operator().get(run).round() >= 2);

        two.kill();
        one.sites("a", "b");
        RunSummary ended = one.operator().watch(run, now -> {});
        assertThat(ended.state()).as(ended.message()).isEqualTo("completed");
        assertThat(RunFigures.of(ended)).isEqualTo(RunFigures.of(undisturbed()));
      }
    }
  }

  @Test
  void runs_operatorOfOneAndSitesOfTheOther_meet() throws Exception {
    try (PostgresServer database = PostgresServer.start(folder);
        S3Server bucket = S3Server.start(folder.resolve("server"))) {
      String shared = shared(database, bucket);
      try (Killable one = new Killable(folder.resolve("one"), shared);
          Killable two = new Killable(folder.resolve("two"), shared)) {
        one.start();
        two.start();
        two.sites("a", "b");
        Rig.until(
            () -> one.operator().sites().stream().filter(site -> site.attached()).count() == 2);
        String run = one.operator().create(Rig.spec(2, 0, "120s", true)).run();
        one.await(run, now -> now.state().equals("training") || now.ended() || now.round() > 0);
        RunSummary ended = two.operator().watch(run, now -> {});
        assertThat(ended.state()).as(ended.message()).isEqualTo("completed");
        String cancelled = two.operator().create(Rig.spec(3, 0, "120s", true)).run();
        assertThat(one.operator().cancel(cancelled).state()).isEqualTo("cancelled");
        assertThat(two.operator().watch(cancelled, now -> {}).state()).isEqualTo("cancelled");
        assertThat(two.operator().list()).extracting(RunSummary::run).isEqualTo(ids(one));
      }
    }
  }

  /** What is in one's folder the other does not have. */
  @Test
  void start_withoutABucketWhileAnotherIsThere_isRefusedUntilThatIsGone() throws Exception {
    try (PostgresServer server = PostgresServer.start(folder)) {
      String url = server.newDatabase();
      Optional<DatabaseSettings> database = Optional.of(DatabaseSettings.of(url));
      try (Killable one =
          new Killable(folder.resolve("one"), "takeover: 2s\ndatabase: \"" + url + "\"\n")) {
        one.start();
        assertThatThrownBy(
                () -> new Rig(folder.resolve("two"), database, ArtifactSettings.DEFAULT).close())
            .isInstanceOf(InvalidInputException.class)
            .hasMessageStartingWith("artifacts.bucket: another coordinator is running");
        one.kill();
        one.start();
        one.kill();
      }
      try (Rig alone = new Rig(folder.resolve("two"), database, ArtifactSettings.DEFAULT)) {
        assertThat(alone.operator().list()).isEmpty();
      }
    }
  }

  private static List<String> ids(Killable coordinator) {
    return coordinator.operator().list().stream().map(RunSummary::run).toList();
  }

  private static String shared(PostgresServer database, S3Server bucket) {
    return """
    takeover: 2s
    database: "%s"
    artifacts: {bucket: "s3://%s", endpoint: "%s", credentials: "%s"}
    """
        .formatted(
            database.newDatabase(), bucket.newBucket(), bucket.endpoint(), bucket.credentials());
  }

  private RunSummary undisturbed() throws Exception {
    try (Rig rig = new Rig(folder.resolve("undisturbed"))) {
      rig.site("a");
      rig.site("b");
      return rig.awaitEnd(rig.operator().create(Rig.spec(2, 2, "120s", true)).run());
    }
  }
}
