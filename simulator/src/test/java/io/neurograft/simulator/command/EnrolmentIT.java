package io.neurograft.simulator.command;

import static io.neurograft.simulator.command.Typed.operate;
import static io.neurograft.simulator.command.Typed.type;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.neurograft.client.Node;
import io.neurograft.client.config.NodeConfig;
import io.neurograft.coordinator.Coordinator;
import io.neurograft.coordinator.CoordinatorConfig;
import io.neurograft.neural.config.InvalidInputException;
import io.neurograft.proto.identity.IdentityFolder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** From a fresh coordinator to a run and a revocation, by what an operator and a site type. */
@Timeout(180)
final class EnrolmentIT {
  private static final String RUN =
      """
      name: enrolled
      network: {family: mlp, widths: [8], classes: 10, input: {shape: [1, 28, 28]}}
      sites: {minimum: 2, wait: 20s}
      training: {epochs: 1}
      scores: {method: uniform}
      moments: {federated: {secure: true}}
      fine-tuning: {rounds: 1}
      """;

  @TempDir Path folder;

  @Test
  void twoSites_invitedAndEnrolled_completeARunAndRenewInTime() throws Exception {
    Path coordinatorFile =
        Files.writeString(
            folder.resolve("coordinator.yaml"),
            """
            listen: 127.0.0.1:0
            folder: coordinator
            heartbeat: 500ms
            tls: {names: [localhost, 127.0.0.1]}
            authority: {lifetime: 40s}
            """);
    // The first operator: where the coordinator's folder is, before it was ever started.
    String first = token(type("coordinator", "invite", "alice", "--config", coordinatorFile));
    try (Coordinator coordinator = Coordinator.start(CoordinatorConfig.read(coordinatorFile))) {
      String at = "localhost:" + coordinator.port();
      Path alice = folder.resolve("alice");
      // From a file, so that it stands in no list of processes.
      Path told = Files.writeString(folder.resolve("token"), first + "\n");
      Typed enrolled =
          type(
              "operator", "enrol", "--token", "@" + told, "--coordinator", at, "--identity", alice);
      assertThat(enrolled.out()).startsWith("operator alice has a certificate for " + at);
      Path a = enrol("hospital-a", 0, at, alice);
      Path b = enrol("hospital-b", 1, at, alice);
      Path run = Files.writeString(folder.resolve("run.yaml"), RUN);
      IdentityFolder identity = new IdentityFolder(folder.resolve("hospital-a/identity"));
      var serial = identity.credentials().certificate().getSerialNumber();
      Instant end = identity.credentials().certificate().getNotAfter().toInstant();
      try (Node nodeA = Node.start(NodeConfig.read(a));
          Node nodeB = Node.start(NodeConfig.read(b))) {
        Typed watched = operate(alice, at, "run", "create", "--file", run, "--watch");
        assertThat(watched.code()).as(watched.err()).isZero();
        assertThat(folder.resolve("hospital-a/models/enrolled-1.safetensors")).isNotEmptyFile();

        // Beyond the first certificates, of both sites, the operator and the coordinator.
        while (Instant.now().isBefore(end.plusSeconds(3))) {
          Thread.sleep(200);
          assertThat(nodeA.ended().isDone() || nodeB.ended().isDone()).isFalse();
          if (Instant.now().isBefore(end)) { // so that it is renewed, too
            assertThat(operate(alice, at, "site", "list").code()).isZero();
          }
        }
        assertThat(identity.credentials().certificate().getSerialNumber()).isNotEqualTo(serial);
        Typed again = operate(alice, at, "run", "create", "--file", run, "--watch");
        assertThat(again.code()).as(again.err()).isZero();
        assertThat(folder.resolve("hospital-a/models/enrolled-2.safetensors")).isNotEmptyFile();

        assertThat(operate(alice, at, "site", "revoke", "hospital-a").out())
            .startsWith("site hospital-a is revoked");
        awaitAttached(alice, at, "hospital-a", "no");
        Typed mistyped = operate(alice, at, "site", "revoke", "hopsital-a");
        assertThat(mistyped.code()).isEqualTo(2);
        assertThat(mistyped.err()).contains("knows no site hopsital-a; is the name right?");

        // Invited and enrolled anew, it goes on without a restart.
        enrol("hospital-a", 0, at, alice);
        awaitAttached(alice, at, "hospital-a", "yes");
        awaitAttached(alice, at, "hospital-b", "yes");
        assertThat(nodeA.ended().isDone() || nodeB.ended().isDone()).isFalse();
      }
    }
  }

  @Test
  void viewer_looksAndChangesNothing() throws Exception {
    Path coordinatorFile =
        Files.writeString(
            folder.resolve("coordinator.yaml"),
            "listen: 127.0.0.1:0\nfolder: coordinator\ntls: {names: [localhost]}\n");
    try (Coordinator coordinator = Coordinator.start(CoordinatorConfig.read(coordinatorFile))) {
      String at = "localhost:" + coordinator.port();
      Path bob = folder.resolve("bob");
      Typed without = operate(bob, at, "run", "list");
      assertThat(without.code()).isEqualTo(2);
      assertThat(without.err()).contains("run operator enrol");

      String token =
          token(
              type(
                  "coordinator", "invite", "bob", "--role", "viewer", "--config", coordinatorFile));
      assertThat(
              type("operator", "enrol", "--token", token, "--coordinator", at, "--identity", bob)
                  .out())
          .startsWith("viewer bob has a certificate");
      assertThat(operate(bob, at, "run", "list").out()).isEqualTo("no runs\n");
      Typed refused = operate(bob, at, "site", "invite", "hospital-a");
      assertThat(refused.code()).isEqualTo(2);
      assertThat(refused.err())
          .contains("this call is for operator; the certificate shown is of viewer bob");
    }
  }

  @Test
  void node_notEnrolledOrUnderAnothersName_saysWhatToDo() throws Exception {
    Path far = node("hospital-a", 0, "coordinator.example.org:7443");
    assertThatThrownBy(() -> Node.start(NodeConfig.read(far)))
        .isInstanceOf(InvalidInputException.class)
        .hasMessageContaining("site hospital-a has not enrolled");
    assertThat(type("node", "enrol", "--token", "ng1.x", "--config", far).err())
        .contains("--token: expected a token as it was printed");
    assertThat(type("node").err()).contains("Missing required option: '--config=FILE'");
  }

  private static void awaitAttached(Path operator, String at, String site, String attached)
      throws InterruptedException {
    String line = site + " +" + attached + " .*";
    while (operate(operator, at, "site", "list").out().lines().noneMatch(l -> l.matches(line))) {
      Thread.sleep(200);
    }
  }

  private Path enrol(String site, int index, String at, Path operator) throws Exception {
    Path file = node(site, index, at);
    String token = token(operate(operator, at, "site", "invite", site, "--valid", "5m"));
    Typed enrolled = type("node", "enrol", "--token", token, "--config", file);
    assertThat(enrolled.code()).as(enrolled.err()).isZero();
    assertThat(enrolled.out()).isEqualTo("site " + site + " has a certificate; start the node\n");
    return file;
  }

  private Path node(String site, int index, String at) throws Exception {
    return Files.writeString(
        folder.resolve(site + ".yaml"),
        """
        coordinator: %s
        site: %s
        folder: %2$s
        data: {uri: "glyphs?train=300&test=50", hold-back: 0.2, partition: {iid: {}, of: 2, index: %d}}
        """
            .formatted(at, site, index));
  }

  private static String token(Typed invited) {
    assertThat(invited.code()).as(invited.err()).isZero();
    assertThat(invited.err()).contains("good for one certificate until");
    return invited.out().strip();
  }
}
