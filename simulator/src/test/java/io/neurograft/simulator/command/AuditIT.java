package io.neurograft.simulator.command;

import static io.neurograft.simulator.command.Typed.operate;
import static io.neurograft.simulator.command.Typed.type;
import static org.assertj.core.api.Assertions.assertThat;

import io.neurograft.client.Node;
import io.neurograft.client.config.NodeConfig;
import io.neurograft.coordinator.Coordinator;
import io.neurograft.coordinator.CoordinatorConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * What the audit logs of both sides say of a run with TLS, and whether the command finds changes.
 */
@Timeout(180)
final class AuditIT {
  private static final String RUN =
      """
      name: audited
      network: {family: mlp, widths: [8], classes: 10, input: {shape: [1, 28, 28]}}
      sites: {minimum: 2, wait: 20s}
      training: {epochs: 1}
      scores: {method: uniform}
      moments: {federated: {secure: true}}
      fine-tuning: {rounds: 1}
      """;

  @TempDir Path folder;

  @Test
  void invitedEnrolledRunAndRevoked_isInBothLogs() throws Exception {
    Path file =
        Files.writeString(
            folder.resolve("coordinator.yaml"),
            """
            listen: 127.0.0.1:0
            folder: coordinator
            heartbeat: 500ms
            tls: {names: [localhost, 127.0.0.1]}
            """);
    Path alice = folder.resolve("alice");
    try (Coordinator coordinator = Coordinator.start(CoordinatorConfig.read(file))) {
      String at = "localhost:" + coordinator.port();
      // Beside the running coordinator, which writes to the same log.
      String first = type("coordinator", "invite", "alice", "--config", file).out().strip();
      assertThat(
              type("operator", "enrol", "--token", first, "--coordinator", at, "--identity", alice)
                  .code())
          .isZero();
      Path a = enrol("hospital-a", 0, at, alice);
      Path b = enrol("hospital-b", 1, at, alice);
      Path run = Files.writeString(folder.resolve("run.yaml"), RUN);
      try (Node nodeA = Node.start(NodeConfig.read(a));
          Node nodeB = Node.start(NodeConfig.read(b))) {
        Typed watched = operate(alice, at, "run", "create", "--file", run, "--watch");
        assertThat(watched.code()).as(watched.err()).isZero();
        assertThat(List.of(nodeA.ended(), nodeB.ended())).noneMatch(ended -> ended.isDone());
        assertThat(operate(alice, at, "run", "cancel", "nothing").code()).isNotZero();
        assertThat(operate(alice, at, "run", "delete", "audited-1").code()).isZero();
        assertThat(operate(alice, at, "site", "revoke", "hospital-a").code()).isZero();
      }
    }
    String log = type("audit", "show", folder.resolve("coordinator")).out();
    assertInOrder(
        log,
        "local identity.invited {\"identity\":\"operator alice\"",
        "operator alice certificate.issued {\"serial\":",
        "operator alice identity.invited {\"identity\":\"site hospital-a\"",
        "site hospital-a certificate.issued {\"serial\":",
        "operator alice run.created {\"run\":\"audited-1\"",
        "site hospital-a artifact.accepted {\"digest\":",
        "coordinator run.published {\"run\":\"audited-1\"",
        "coordinator run.moved {\"run\":\"audited-1\",\"state\":\"COMPLETED\"",
        "operator alice call.refused {\"calls\":1,\"last\":\"CancelRun\"",
        "operator alice run.deleted {\"run\":\"audited-1\"",
        "operator alice identity.revoked {\"identity\":\"site hospital-a\"",
        "site hospital-a site.detached",
        "coordinator program.stopped");
    assertThat(log).contains("site hospital-b site.attached", "site hospital-b artifact.fetched");
    assertInOrder(
        type("audit", "show", folder.resolve("hospital-a"), "--who", "site hospital-a").out(),
        "site hospital-a program.started",
        "site hospital-a task.taken {\"run\":\"audited-1\"",
        "site hospital-a result.sent {\"task\":",
        "site hospital-a question.answered {\"run\":\"audited-1\"");
    Typed verified =
        type("audit", "verify", folder.resolve("coordinator"), folder.resolve("hospital-a"));
    assertThat(verified.code()).as(verified.out()).isZero();
    assertThat(verified.out().lines().filter(line -> line.contains(": unbroken"))).hasSize(2);
    assertChangesAreFound(folder.resolve("coordinator"));
  }

  private static void assertChangesAreFound(Path coordinator) throws IOException {
    String printed = type("audit", "verify", coordinator).out();
    String head = printed.substring(printed.indexOf("head ") + 5).strip();
    Path file = coordinator.resolve("audit/audit-000001.jsonl");
    String whole = Files.readString(file);
    Files.writeString(file, whole.substring(0, whole.lastIndexOf('\n', whole.length() - 2) + 1));
    assertThat(type("audit", "verify", coordinator).code()).isZero();
    Typed shortened = type("audit", "verify", coordinator, "--head", head);
    assertThat(shortened.code()).isEqualTo(1);
    assertThat(shortened.out()).contains("expected lines up to " + head);
    Files.writeString(file, whole.replace("operator alice", "operator mally"));
    Typed changed = type("audit", "verify", coordinator, "--format", "json");
    assertThat(changed.code()).isEqualTo(1);
    assertThat(changed.out()).contains("\"file\" : \"" + file, "\"expected\"", "\"found\"");
    Typed shown = type("audit", "show", coordinator);
    assertThat(shown.code()).isEqualTo(1);
    assertInOrder(
        shown.out(),
        "local identity.invited",
        "BROKEN at " + file,
        "\n? ",
        "coordinator run.published",
        "coordinator program.stopped");
    assertThat(type("audit", "show", coordinator, "--what", "program.stopped").out())
        .containsOnlyOnce("\n? ");
    assertThat(type("audit", "verify", coordinator, "--head", "4").err()).contains("N:HASH");
    assertThat(type("audit", "verify", coordinator.resolve("artifacts")).err())
        .contains("expected an audit log, found none");
  }

  private static void assertInOrder(String log, String... parts) {
    int from = 0;
    for (String part : parts) {
      int at = log.indexOf(part, from);
      assertThat(at).as("%s after %d in%n%s", part, from, log).isNotNegative();
      from = at;
    }
  }

  private Path enrol(String site, int index, String at, Path operator) throws Exception {
    Path file =
        Files.writeString(
            folder.resolve(site + ".yaml"),
            """
            coordinator: %s
            site: %s
            folder: %2$s
            data: {uri: "glyphs?train=300&test=50", hold-back: 0.2, partition: {iid: {}, of: 2, index: %d}}
            """
                .formatted(at, site, index));
    String token = operate(operator, at, "site", "invite", site).out().strip();
    Typed enrolled = type("node", "enrol", "--token", token, "--config", file);
    assertThat(enrolled.code()).as(enrolled.err()).isZero();
    return file;
  }
}
