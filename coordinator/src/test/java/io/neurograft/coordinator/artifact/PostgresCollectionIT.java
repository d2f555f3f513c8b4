package io.neurograft.coordinator.artifact;

import static org.assertj.core.api.Assertions.assertThat;

import io.neurograft.coordinator.artifact.ArtifactCollector.Freed;
import io.neurograft.coordinator.metrics.CoordinatorMetrics;
import io.neurograft.coordinator.run.ModelKey;
import io.neurograft.coordinator.run.RunState;
import io.neurograft.coordinator.store.Database;
import io.neurograft.coordinator.store.DatabaseSettings;
import io.neurograft.coordinator.store.StoredArtifact;
import io.neurograft.coordinator.store.StoredModel;
import io.neurograft.proto.artifact.Digest;
import io.neurograft.testing.PostgresServer;
import io.neurograft.testing.S3Server;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Two coordinators that share a PostgreSQL and a bucket, both of which collect. */
@Timeout(120)
final class PostgresCollectionIT {
  @TempDir Path folder;
  private final ManualClock clock = new ManualClock();

  @Test
  void collect_byBothAtOnce_keepsWhatIsNamedAndNothingElse() throws Exception {
    try (PostgresServer server = PostgresServer.start(folder);
        S3Server s3 = S3Server.start(folder.resolve("server"))) {
      DatabaseSettings settings = DatabaseSettings.of(server.newDatabase());
      String name = s3.newBucket();
      BucketSettings place =
          new BucketSettings(
              name,
              "",
              Optional.of(s3.endpoint()),
              "us-east-1",
              Optional.of(s3.credentials()),
              Long.MAX_VALUE);
      try (Database database = Database.open(settings);
          Database other = Database.open(settings);
          Bucket bucket = Bucket.open(place);
          ArtifactCollector one = collector("one", database, bucket);
          ArtifactCollector two = collector("two", other, bucket)) {
        ArtifactStore store = store("third", database, bucket);
        List<String> digests = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
          Path file = Files.writeString(store.folder().newFile(), "artifact " + i);
          digests.add(store.add(StoredArtifact.Kind.WEIGHTS, file).digest());
        }
        String run =
            database.write(
                tables -> {
                  String id = tables.runs().create("run", "token", "", clock.instant());
                  for (int i = 0; i < 5; i++) {
                    ModelKey key = new ModelKey("m", i);
                    tables.models().save(id, new StoredModel(key, digests.get(i), 0, ""));
                  }
                  return id;
                });
        bucket.put(
            Digest.of(new byte[1]) + "-01234567", Files.write(folder.resolve("x"), new byte[1]));
        Thread.sleep(SPAN.plusMillis(10).toMillis()); // by the server's clock
        clock.pass(SPAN.plusMinutes(2));
        List<Freed> freed = new ArrayList<>();
        Thread beside = new Thread(() -> freed.add(two.collect()));
        beside.start();
        Freed here = one.collect();
        beside.join();
        assertThat(here.plus(freed.get(0)).artifacts()).isEqualTo(15);
        List<String> left =
            s3.keys(name, "").stream().filter(key -> !key.equals("database.id")).toList();
        assertThat(left).hasSize(5);
        for (String digest : digests.subList(0, 5)) {
          assertThat(store("fourth", database, bucket).find(digest)).isPresent();
        }
        database.write(
            tables -> {
              tables.runs().move(run, RunState.FAILED, 0, "", clock.instant());
              return tables.runs().delete(run, clock.instant());
            });
        Thread.sleep(SPAN.plusMillis(10).toMillis());
        one.collect();
        assertThat(s3.keys(name, "")).containsExactly("database.id");
      }
    }
  }

  private static final Duration SPAN = Duration.ofMillis(200);

  private ArtifactStore store(String name, Database database, Bucket bucket) {
    return ArtifactStore.open(
        folder.resolve(name),
        new ArtifactStore.Limits(1 << 20, 0, Long.MAX_VALUE),
        Optional.of(bucket),
        name,
        database,
        clock);
  }

  private ArtifactCollector collector(String name, Database database, Bucket bucket) {
    return new ArtifactCollector(
        store(name, database, bucket), SPAN, new CoordinatorMetrics(), clock);
  }
}
