package io.neurograft.coordinator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.grpc.Status;
import io.neurograft.coordinator.artifact.ArtifactSettings;
import io.neurograft.coordinator.authority.ServerTls;
import io.neurograft.coordinator.rpc.OperatorClient;
import io.neurograft.coordinator.rpc.RunSummary;
import io.neurograft.coordinator.rpc.ScriptedSite;
import io.neurograft.coordinator.rpc.SiteSummary;
import io.neurograft.coordinator.store.DatabaseSettings;
import io.neurograft.neural.config.InvalidInputException;
import io.neurograft.proto.channel.TlsSettings;
import io.neurograft.proto.identity.Identity;
import io.neurograft.proto.identity.Role;
import io.neurograft.testing.PostgresServer;
import io.neurograft.testing.S3Server;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Two coordinators, each a process of its own, on one database and one bucket: a run goes on with
 * whichever is there.
 */
@Timeout(300)
final class SeveralCoordinatorsIT {
  @TempDir static Path servers;
  private static PostgresServer database;
  private static S3Server bucket;

  @TempDir Path folder;

  @BeforeAll
  static void startServers() {
    database = PostgresServer.start(servers);
    bucket = S3Server.start(servers.resolve("bucket"));
  }

  @AfterAll
  static void stopServers() throws Exception {
    if (bucket != null) {
      bucket.close();
    }
    if (database != null) {
      database.close();
    }
  }

  @Test
  void run_leaderStandsStillThenTheOtherIsKilled_givesWhatOneCoordinatorGives() throws Exception {
    String shared = shared();
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

  @Test
  void runs_operatorOfOneAndSitesOfTheOther_meet() throws Exception {
    String shared = shared();
    try (Killable one = new Killable(folder.resolve("one"), shared);
        Killable two = new Killable(folder.resolve("two"), shared)) {
      one.start();
      two.start();
      two.sites("a", "b");
      Rig.until(() -> one.operator().sites().stream().filter(site -> site.attached()).count() == 2);
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

  /** What is in one's folder the other does not have. */
  @Test
  void start_withoutABucketWhileAnotherIsThere_isRefusedUntilThatIsGone() throws Exception {
    String url = database.newDatabase();
    Optional<DatabaseSettings> settings = Optional.of(DatabaseSettings.of(url));
    try (Killable one =
        new Killable(folder.resolve("one"), "takeover: 2s\ndatabase: \"" + url + "\"\n")) {
      one.start();
      assertThatThrownBy(
              () -> new Rig(folder.resolve("two"), settings, ArtifactSettings.DEFAULT).close())
          .isInstanceOf(InvalidInputException.class)
          .hasMessageStartingWith("artifacts.bucket: another coordinator is running");
      one.kill();
      one.start();
      one.kill();
    }
    try (Rig alone = new Rig(folder.resolve("two"), settings, ArtifactSettings.DEFAULT)) {
      assertThat(alone.operator().list()).isEmpty();
    }
  }

  @Test
  void callers_revokedAtOne_loseWhatIsUnderWayAtTheOther() throws Exception {
    String shared = shared();
    Path file =
        Files.writeString(
            folder.resolve("first.yaml"), "listen: 127.0.0.1:0\nfolder: first\n" + shared);
    TlsSettings alice;
    TlsSettings bob;
    TlsSettings siteA;
    TlsSettings siteB;
    try (SecuredRig first =
        SecuredRig.start(
            folder.resolve("identities"), CoordinatorConfig.read(file), ServerTls.DEFAULT)) {
      alice = SecuredRig.tls(first.enrol(Role.OPERATOR, "alice"));
      bob = SecuredRig.tls(first.enrol(Role.OPERATOR, "bob"));
      siteA = SecuredRig.tls(first.enrol(Role.SITE, "a"));
      siteB = SecuredRig.tls(first.enrol(Role.SITE, "b"));
    }
    String secured =
        shared
            + "tls: {names: [127.0.0.1]}\nauthority: {certificate: \"%s/ca.pem\", key: \"%1$s/ca.key\"}\n"
                .formatted(folder.resolve("first/authority"));
    try (Killable one = new Killable(folder.resolve("one"), secured, Optional.of(alice));
        Killable two = new Killable(folder.resolve("two"), secured, Optional.of(alice));
        OperatorClient bobAtOne = OperatorClient.to(one.endpoint(), Optional.of(bob))) {
      one.launch();
      two.launch();
      one.awaitAnswer();
      two.awaitAnswer();
      ScriptedSite a = two.site("a", siteA);
      ScriptedSite b = two.site("b", siteB);
      Rig.until(() -> one.operator().sites().stream().filter(SiteSummary::attached).count() == 2);
      assertThat(bobAtOne.list()).isEmpty();

      long start = System.nanoTime();
      assertThat(one.operator().revoke(new Identity(Role.SITE, "a"))).isEqualTo(1);
      assertThat(two.operator().revoke(new Identity(Role.OPERATOR, "bob"))).isEqualTo(1);
      Rig.until(() -> a.ended().isPresent() && refused(bobAtOne));
      assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(5));
      Status ended = Status.fromThrowable(a.ended().orElseThrow());
      assertThat(ended.getCode()).isEqualTo(Status.Code.UNAUTHENTICATED);
      assertThat(ended.getDescription()).startsWith("the certificate of site a was revoked");
      // The connection is still there, and of no use.
      assertThatThrownBy(() -> a.isWanted("none")).hasMessageContaining("site a was revoked");
      assertThat(b.ended()).isEmpty();
      assertThat(two.operator().list()).isEmpty();
      Rig.until(() -> one.operator().sites().stream().filter(SiteSummary::attached).count() == 1);
    }
  }

  private static boolean refused(OperatorClient operator) {
    try {
      operator.list();
      return false;
    } catch (InvalidInputException e) {
      assertThat(e).hasMessageContaining("the certificate of operator bob was revoked");
      return true;
    }
  }

  private static List<String> ids(Killable coordinator) {
    return coordinator.operator().list().stream().map(RunSummary::run).toList();
  }

  private static String shared() {
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
