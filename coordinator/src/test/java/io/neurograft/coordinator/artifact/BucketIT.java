package io.neurograft.coordinator.artifact;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.neurograft.coordinator.store.ArtifactTable.Put;
import io.neurograft.coordinator.store.CollectionTable.Claim;
import io.neurograft.coordinator.store.Database;
import io.neurograft.coordinator.store.StorageException;
import io.neurograft.coordinator.store.StoredArtifact;
import io.neurograft.neural.config.InvalidInputException;
import io.neurograft.proto.artifact.ArtifactException;
import io.neurograft.proto.artifact.ArtifactFolder;
import io.neurograft.proto.artifact.Digest;
import io.neurograft.testing.S3Server;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Artifacts in a bucket of a real S3-compatible store. */
@Timeout(120)
final class BucketIT {
  private static final int PART = 5 << 20; // the least that S3 takes
  @TempDir static Path servers;
  private static S3Server server;

  @TempDir Path folder;
  private final ManualClock clock = new ManualClock();
  private final Random random = new Random(7);
  private String bucket = "";

  @BeforeAll
  static void startServer() {
    server = S3Server.start(servers);
  }

  @AfterAll
  static void stopServer() {
    if (server != null) {
      server.close();
    }
  }

  @BeforeEach
  void makeBucket() {
    bucket = server.newBucket();
  }

  private BucketSettings settings(String name, Path credentials, long cache) {
    return new BucketSettings(
        name,
        "runs/",
        Optional.of(server.endpoint()),
        "us-east-1",
        Optional.of(credentials),
        cache);
  }

  private BucketSettings settings() {
    return settings(bucket, server.credentials(), Long.MAX_VALUE);
  }

  private ArtifactStore store(String name, Bucket to, long cache, Database database)
      throws Exception {
    return new ArtifactStore(
        ArtifactFolder.open(folder.resolve(name)), Optional.of(to), name, cache, database, clock);
  }

  private Database database() {
    return Database.open(folder.resolve("coordinator.db"), clock);
  }

  private StoredArtifact add(ArtifactStore store, int size) throws Exception {
    Path file = store.folder().newFile();
    byte[] bytes = new byte[size];
    random.nextBytes(bytes);
    Files.write(file, bytes);
    return store.add(StoredArtifact.Kind.WEIGHTS, file);
  }

  @Test
  void find_byAnotherCoordinatorWithAnEmptyFolder_bringsTheSameBytes() throws Exception {
    try (Database database = database();
        Bucket to = Bucket.open(settings(), PART)) {
      ArtifactStore one = store("one", to, Long.MAX_VALUE, database);
      ArtifactStore two = store("two", to, Long.MAX_VALUE, database);
      for (int size : List.of(1, 3 << 20, 2 * PART, 2 * PART + 12_345)) {
        StoredArtifact artifact = add(one, size);
        Path file = two.find(artifact.digest()).orElseThrow();
        assertThat(Digest.of(file).hex()).isEqualTo(artifact.digest());
        one.store(artifact);
      }
      assertThat(server.keys(bucket, "runs/")).as("put once each").hasSize(4);
    }
  }

  @Test
  void find_objectWasChangedInTheBucket_isNotTaken() throws Exception {
    try (Database database = database();
        Bucket to = Bucket.open(settings())) {
      StoredArtifact artifact = add(store("one", to, Long.MAX_VALUE, database), 10_000);
      String key = server.keys(bucket, "runs/").get(0);
      Path other = Files.write(folder.resolve("other"), new byte[10_000]);
      to.put(key.substring("runs/".length()), other);
      ArtifactStore two = store("two", to, Long.MAX_VALUE, database);
      assertThatThrownBy(() -> two.find(artifact.digest()))
          .isInstanceOf(StorageException.class)
          .hasMessageContaining("it was deleted");
      assertThat(two.folder().contains(new Digest(artifact.digest()))).isFalse();
    }
  }

  @Test
  void store_bucketIsAway_saysSoAndSucceedsWhenItIsBack() throws Exception {
    try (Database database = database();
        Bucket to = Bucket.open(settings())) {
      ArtifactStore one = store("one", to, Long.MAX_VALUE, database);
      ArtifactStore two = store("two", to, Long.MAX_VALUE, database);
      StoredArtifact first = add(one, 1000);
      server.stop();
      assertThatThrownBy(() -> add(one, 2000))
          .isInstanceOf(StorageException.class)
          .message()
          .startsWith("the bucket s3://" + bucket + "/runs/ cannot be used: ")
          .hasLineCount(1);
      assertThatThrownBy(() -> two.find(first.digest())).isInstanceOf(StorageException.class);
      server.start();
      assertThat(two.find(first.digest())).isPresent();
      random.setSeed(8);
      StoredArtifact later = add(one, 2000);
      assertThat(two.find(later.digest())).isPresent();
    }
  }

  @Test
  void store_whileItIsPutByAnother_waitsAndThenBeginsAnew() throws Exception {
    try (Database database = database();
        Bucket to = Bucket.open(settings())) {
      ArtifactStore one = store("one", to, Long.MAX_VALUE, database);
      StoredArtifact artifact = add(one, 1000);
      begunByTwo(database, artifact, Duration.ofMinutes(10));
      assertThatThrownBy(() -> one.store(artifact))
          .isInstanceOfSatisfying(
              ArtifactException.class,
              e -> assertThat(e.reason()).isEqualTo(ArtifactException.Reason.BUSY));
      assertThat(one.known(artifact.digest())).isEmpty();
      clock.pass(Duration.ofMinutes(2));
      one.store(artifact);
      assertThat(store("two", to, 1 << 30, database).find(artifact.digest())).isPresent();
    }
  }

  @Test
  void store_whileItWasPutByOneThatIsGone_beginsAnewAtOnce() throws Exception {
    try (Database database = database();
        Bucket to = Bucket.open(settings())) {
      ArtifactStore one = store("one", to, Long.MAX_VALUE, database);
      StoredArtifact artifact = add(one, 1000);
      begunByTwo(database, artifact, Duration.ofSeconds(10));
      clock.pass(Duration.ofSeconds(10));
      assertThat(one.inBucket(artifact)).isFalse();
      one.store(artifact);
      assertThat(one.inBucket(artifact)).isTrue();
      assertThat(store("three", to, 1 << 30, database).find(artifact.digest())).isPresent();
    }
  }

  /** An artifact of ours is forgotten, and coordinator "two" begins to put it. */
  private void begunByTwo(Database database, StoredArtifact artifact, Duration alive) {
    database.write(
        tables -> {
          Instant now = clock.instant();
          tables.coordinators().alive("two", "", now.plus(alive));
          tables
              .collection()
              .claim(now.plusSeconds(1), 9, now)
              .forEach(tables.collection()::forget);
          return tables.artifacts().begin(artifact, Optional.of(new Put("halfway", "two")), now);
        });
  }

  @Test
  void cache_aboveItsLimit_givesUpWhatWasUsedLongAgoAndIsNotBorrowed() throws Exception {
    try (Database database = database();
        Bucket to = Bucket.open(settings())) {
      ArtifactStore store = store("one", to, 2500, database);
      List<String> digests = new ArrayList<>();
      for (int i = 0; i < 4; i++) {
        digests.add(add(store, 1000).digest());
        assertThat(store.find(digests.get(i))).isPresent();
        clock.pass(Duration.ofSeconds(61));
      }
      try (BorrowedFiles borrowed = store.borrow()) {
        assertThat(borrowed.find(digests.get(0))).isPresent();
        clock.pass(Duration.ofSeconds(61));
        assertThat(store.find(digests.get(3))).isPresent();
        clock.pass(Duration.ofSeconds(61));
        store.trimCache();
        assertThat(digests.stream().filter(d -> store.folder().contains(new Digest(d))))
            .containsExactly(digests.get(0), digests.get(3));
      }
      for (String digest : digests) {
        assertThat(store.find(digest)).isPresent();
      }
    }
  }

  @Test
  void deleteUnfinished_partsThatNobodyFinished_areGivenUp() throws Exception {
    Path large = Files.write(folder.resolve("large"), new byte[2 * PART]);
    try (Bucket to = Bucket.open(settings(), PART)) {
      to.deleteUnfinished(Instant.now(), names -> Set.of());
      to.put("whole", large);
      try (InputStream bytes = to.read("whole", 2 * PART - 3)) {
        assertThat(bytes.readAllBytes()).hasSize(3);
      }
      List<String> names = new ArrayList<>();
      to.forEach(names::addAll);
      assertThat(names).containsExactly("whole");
      to.delete("whole");
      to.delete("whole");
      assertThat(server.keys(bucket, "runs/")).isEmpty();
    }
  }

  @Test
  void put_collectedMeanwhile_endsUnlessItIsKnown() throws Exception {
    Path large = Files.write(folder.resolve("large"), new byte[3 * PART]);
    try (Bucket to = Bucket.open(settings(), PART)) {
      assertThat(to.put("known", large, collecting(to, names -> names))).isTrue();
      try (InputStream bytes = to.read("known", 0)) {
        assertThat(bytes.readAllBytes()).hasSize(3 * PART);
      }
      assertThatThrownBy(() -> to.put("unknown", large, collecting(to, names -> Set.of())))
          .isInstanceOf(StorageException.class);
      assertThat(to.put("unwanted", large, () -> false)).isFalse();
      assertThat(server.keys(bucket, "runs/")).containsExactly("runs/known");
    }
  }

  /** Gives up what is unfinished, after each part. */
  private static BooleanSupplier collecting(Bucket of, UnaryOperator<Set<String>> known) {
    return () -> {
      of.deleteUnfinished(Instant.now().plusSeconds(60), known);
      return true;
    };
  }

  @Test
  void inBucket_storedByAnotherCoordinator_isKeptAndWaitsForItsCollector() throws Exception {
    try (Database database = database();
        Bucket to = Bucket.open(settings(), PART)) {
      ArtifactStore one = store("one", to, Long.MAX_VALUE, database);
      ArtifactStore two = store("two", to, Long.MAX_VALUE, database);
      StoredArtifact artifact = add(one, 1000);
      clock.pass(Duration.ofHours(1));
      assertThat(two.inBucket(artifact)).isTrue();
      Instant before = clock.instant();
      List<Claim> none = database.write(t -> t.collection().claim(before, 9, before));
      assertThat(none).isEmpty();

      clock.pass(Duration.ofSeconds(1));
      Instant now = clock.instant();
      List<Claim> claims = database.write(t -> t.collection().claim(now, 9, now));
      assertThatThrownBy(() -> two.inBucket(artifact))
          .isInstanceOfSatisfying(
              ArtifactException.class,
              e -> assertThat(e.reason()).isEqualTo(ArtifactException.Reason.BUSY));
      two.discard(claims);
      assertThat(two.inBucket(artifact)).isFalse();
    }
  }

  @Test
  void open_wrongNameCredentialsOrEndpoint_saysSoInOneLine() throws Exception {
    assertRefused(settings("nowhere", server.credentials(), 1), "there is no such bucket");
    Path wrong = folder.resolve("wrong");
    Files.writeString(
        wrong, "[default]\naws_access_key_id = somebody\naws_secret_access_key = guessed\n");
    assertRefused(settings(bucket, wrong, 1), "the store refuses these credentials");
    assertRefused(settings(bucket, folder.resolve("none"), 1), "expected credentials of a profile");
    assertRefused(
        new BucketSettings(
            bucket,
            "",
            Optional.of(java.net.URI.create("http://127.0.0.1:1")),
            "us-east-1",
            Optional.of(server.credentials()),
            1),
        "cannot be reached");
  }

  private static void assertRefused(BucketSettings settings, String why) {
    assertThatThrownBy(() -> Bucket.open(settings))
        .isInstanceOf(InvalidInputException.class)
        .message()
        .startsWith("artifacts.bucket s3://" + settings.name())
        .contains(why)
        .hasLineCount(1);
  }
}
