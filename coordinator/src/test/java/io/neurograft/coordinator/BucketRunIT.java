package io.neurograft.coordinator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.grpc.ManagedChannel;
import io.neurograft.coordinator.artifact.ArtifactSettings;
import io.neurograft.coordinator.artifact.BucketSettings;
import io.neurograft.coordinator.rpc.RunSummary;
import io.neurograft.coordinator.rpc.ScriptedSite;
import io.neurograft.coordinator.rpc.ScriptedSite.Act;
import io.neurograft.coordinator.run.TaskKind;
import io.neurograft.coordinator.store.Database;
import io.neurograft.coordinator.store.DatabaseSettings;
import io.neurograft.coordinator.store.StoredModel;
import io.neurograft.coordinator.store.StoredTask;
import io.neurograft.neural.config.InvalidInputException;
import io.neurograft.proto.artifact.ArtifactFolder;
import io.neurograft.proto.artifact.Packing;
import io.neurograft.proto.channel.Channels;
import io.neurograft.proto.channel.Endpoint;
import io.neurograft.proto.transfer.ArtifactClient;
import io.neurograft.proto.transfer.TransferMeter;
import io.neurograft.proto.v1.Artifact;
import io.neurograft.proto.v1.ArtifactKind;
import io.neurograft.proto.v1.Task;
import io.neurograft.testing.PostgresServer;
import io.neurograft.testing.S3Server;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * A run whose state is in PostgreSQL and whose artifacts are in a bucket, from its start to its
 * end.
 */
@Timeout(240)
final class BucketRunIT {
  @TempDir Path folder;

  @Test
  void run_folderIsLostAndBucketIsAwayForAWhile_completesAndLeavesNothingBehind() throws Exception {
    try (PostgresServer database = PostgresServer.start(folder);
        S3Server server = S3Server.start(folder.resolve("server"))) {
      String bucket = server.newBucket();
      ArtifactSettings artifacts = artifacts(server, bucket);
      DatabaseSettings settings = DatabaseSettings.of(database.newDatabase());
      try (Rig rig = new Rig(folder.resolve("rig"), Optional.of(settings), artifacts)) {
        rig.site("a");
        rig.site("b", (task, time) -> Act.IGNORE);
        String run = rig.operator().create(Rig.spec(2, 1, "90s", true)).run();
        rig.await(run, "training");
        Rig.until(() -> rig.operator().get(run).result().contains("\"state\":\"done\""));
        server.stop();
        rig.restart(Duration.ZERO, () -> start(server, rig.folder().resolve("coordinator")));
        ScriptedSite a = rig.site("a");
        rig.site("b");
        RunSummary ended = rig.awaitEnd(run);
        assertThat(ended.state()).as(ended.message()).isEqualTo("completed");
        assertThat(a.received()).as("its member is in the bucket").noneMatch(Task::hasTrain);
        assertThat(a.adopted()).isEqualTo(ended.publishedDigest());

        Set<String> kept = kept(settings, run);
        assertThat(kept).contains(ended.publishedDigest());
        Rig.until(() -> digests(server, bucket).equals(kept));
        rig.operator().delete(run);
        assertThat(rig.operator().list()).isEmpty();
        assertThatThrownBy(() -> rig.operator().delete(run))
            .isInstanceOf(InvalidInputException.class)
            .hasMessageContaining("there is no run");
        Rig.until(() -> objects(server, bucket).isEmpty());
        Rig.until(() -> files(rig.folder().resolve("coordinator/artifacts")).isEmpty());
      }
    }
  }

  @Test
  void transfers_bucketAnswersNothing_haveOtherCallsGoOn() throws Exception {
    int transfers = 8 + 4 * Runtime.getRuntime().availableProcessors(); // more than threads
    ExecutorService sites = Executors.newCachedThreadPool();
    try (S3Server server = S3Server.start(folder.resolve("server"))) {
      ArtifactSettings settings =
          new ArtifactSettings(
              artifacts(server, server.newBucket()).bucket(),
              Duration.ofHours(1),
              OptionalLong.empty());
      try (Rig rig = new Rig(folder.resolve("rig"), Optional.empty(), settings)) {
        Endpoint to = new Endpoint("127.0.0.1", rig.port());
        ManagedChannel channel = Channels.client(to, Optional.empty()).build();
        ArtifactFolder ours = ArtifactFolder.open(folder.resolve("ours"));
        ArtifactClient sender = client(channel, ours);
        Artifact uncached = make(ours, 0);
        sender.upload(uncached, Packing.NONE);
        Path cached = rig.folder().resolve("coordinator/artifacts").resolve(uncached.getDigest());
        Files.delete(cached);
        sender.upload(uncached, Packing.NONE);
        assertThat(cached).as("nothing is sent that the bucket has").doesNotExist();
        server.pause();
        List<Callable<Void>> work = new ArrayList<>();
        for (int i = 1; i <= transfers; i++) {
          ArtifactClient receiver = client(channel, ArtifactFolder.open(folder.resolve("to" + i)));
          Artifact made = make(ours, i);
          work.add(
              () -> {
                receiver.download(uncached, Packing.NONE);
                return null;
              });
          work.add(
              () -> {
                sender.upload(made, Packing.NONE);
                return null;
              });
        }
        List<Future<Void>> running = work.stream().map(sites::submit).toList();
        for (int i = 0; i < 20; i++) {
          sites.submit(() -> rig.operator().list()).get(10, TimeUnit.SECONDS);
          Thread.sleep(100);
        }
        assertThat(running).noneMatch(Future::isDone);
        server.resume();
        for (Future<Void> transfer : running) {
          transfer.get(60, TimeUnit.SECONDS);
        }
        channel.shutdownNow();
      }
    } finally {
      sites.shutdownNow();
    }
  }

  private static ArtifactClient client(ManagedChannel channel, ArtifactFolder folder) {
    return new ArtifactClient(channel, folder, Duration.ofSeconds(60), TransferMeter.NONE);
  }

  private static Artifact make(ArtifactFolder folder, int number) throws IOException {
    Path file = Files.write(folder.newFile(), new byte[] {1, (byte) number});
    return Artifact.newBuilder()
        .setDigest(folder.add(file).hex())
        .setSize(2)
        .setKind(ArtifactKind.ARTIFACT_KIND_WEIGHTS)
        .build();
  }

  private static ArtifactSettings artifacts(S3Server server, String bucket) {
    return new ArtifactSettings(
        Optional.of(
            new BucketSettings(
                bucket,
                "runs/",
                Optional.of(server.endpoint()),
                "us-east-1",
                Optional.of(server.credentials()),
                1 << 30)),
        Duration.ofSeconds(4),
        OptionalLong.empty());
  }

  /** The coordinator's machine is lost, and another takes its place. */
  private static void start(S3Server server, Path coordinator) {
    try {
      for (Path file : files(coordinator.resolve("artifacts"))) {
        Files.delete(file);
      }
      server.start();
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  /** Members, their scores, and the models of all methods before and after the round. */
  private static Set<String> kept(DatabaseSettings settings, String run) {
    Set<String> digests = new HashSet<>();
    try (Database database = Database.open(settings)) {
      List<StoredModel> models = database.read(tables -> tables.models().of(run));
      assertThat(models).hasSize(6);
      models.forEach(model -> digests.add(model.digest()));
      for (StoredTask task : database.read(tables -> tables.tasks().of(run, TaskKind.TRAIN, 0))) {
        digests.add(task.result().orElseThrow().weights().orElseThrow());
        digests.add(task.result().orElseThrow().scores().orElseThrow());
      }
    }
    return digests;
  }

  private static Set<String> digests(S3Server server, String bucket) {
    return objects(server, bucket).stream()
        .map(name -> name.substring(0, 64))
        .collect(Collectors.toSet());
  }

  private static List<String> objects(S3Server server, String bucket) {
    return server.keys(bucket, "runs/").stream()
        .map(key -> key.substring("runs/".length()))
        .filter(name -> !name.equals("database.id"))
        .toList();
  }

  private static List<Path> files(Path folder) {
    try (DirectoryStream<Path> files = Files.newDirectoryStream(folder, "[0-9a-f]*")) {
      List<Path> all = new ArrayList<>();
      files.forEach(file -> all.add(file));
      return all.stream().filter(file -> file.getFileName().toString().length() == 64).toList();
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }
}
