package io.neurograft.simulator.command;

import static io.neurograft.simulator.command.Typed.type;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.neurograft.client.Node;
import io.neurograft.client.config.NodeConfig;
import io.neurograft.client.preflight.Check;
import io.neurograft.client.preflight.Finding;
import io.neurograft.client.preflight.Line;
import io.neurograft.client.preflight.Outcome;
import io.neurograft.client.preflight.Preflight;
import io.neurograft.client.preflight.Report;
import io.neurograft.coordinator.Coordinator;
import io.neurograft.coordinator.CoordinatorConfig;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What a site's administrator is told, with each failure provoked for real. */
@Timeout(180)
final class PreflightIT {
  @TempDir Path folder;
  private Path coordinatorFile;
  private Coordinator coordinator;

  @BeforeEach
  void start() throws Exception {
    coordinatorFile = coordinatorFile("coordinator", "90d");
    coordinator = Coordinator.start(CoordinatorConfig.read(coordinatorFile));
  }

  @AfterEach
  void stop() {
    coordinator.close();
  }

  @Test
  void enrolledSite_passesAllAndSaysSoInTextAndJson() throws Exception {
    Path node = enrolled("hospital-a");
    Typed text = type("preflight", "--config", node);
    assertThat(text.code()).as(text.out() + text.err()).isZero();
    assertThat(text.out())
        .contains("passed   tls            localhost:" + coordinator.port() + ": TLS 1.3;")
        .contains("let in as site hospital-a by version")
        .endsWith(
            "13 passed, 0 warnings, 0 failed, 0 skipped: the node of site hospital-a can be started\n");

    Typed json = type("preflight", "--config", node, "--format", "json");
    JsonNode document = new ObjectMapper().readTree(json.out());
    assertThat(document.path("site").asText()).isEqualTo("hospital-a");
    assertThat(document.path("passed").asBoolean()).isTrue();
    List<String> checks = new ArrayList<>();
    document.path("checks").forEach(check -> checks.add(check.path("check").asText()));
    assertThat(checks)
        .containsExactlyInAnyOrderElementsOf(
            Arrays.stream(Check.values()).map(Check::word).toList());
    // Nothing of its own stays behind.
    assertThat(names(folder.resolve("hospital-a"))).containsExactly("identity");
  }

  @Test
  void severalAddresses_eachIsCheckedOfItsOwn() throws Exception {
    Path node = enrolled("hospital-a");
    int closed = closedPort();
    Files.writeString(
        node,
        Files.readString(node)
            .replaceFirst(
                "coordinator: .*",
                "coordinator: [no-such-host.invalid:7443, localhost:%d, localhost:%d]"
                    .formatted(closed, coordinator.port())));
    Report report = check(node);
    assertThat(outcomes(report, Check.NAME))
        .containsExactly(Outcome.FAILED, Outcome.PASSED, Outcome.PASSED);
    assertThat(outcomes(report, Check.PORT))
        .containsExactly(Outcome.SKIPPED, Outcome.FAILED, Outcome.PASSED);
    assertThat(outcomes(report, Check.ADMISSION))
        .containsExactly(Outcome.SKIPPED, Outcome.SKIPPED, Outcome.PASSED);
    List<Finding> findings = findings(report, Check.NAME);
    assertThat(findings.get(0).found()).isEqualTo("no address is known for no-such-host.invalid");
    assertThat(findings(report, Check.PORT).get(1).found()).contains("refuses the connection");
    // What does not need the coordinator is looked at all the same.
    assertThat(one(report, Check.DATA).outcome()).isEqualTo(Outcome.PASSED);
    assertThat(one(report, Check.ENGINE).outcome()).isEqualTo(Outcome.PASSED);
    assertThat(type("preflight", "--config", node).code()).isEqualTo(1);
  }

  @Test
  void portThatSaysNothing_orSomethingElse_isToldApart() throws Exception {
    Path node = enrolled("hospital-a");
    InetAddress here = InetAddress.getLoopbackAddress();
    try (ServerSocket silent = new ServerSocket(0, 1, here);
        ServerSocket greeting = new ServerSocket(0, 1, here)) {
      Thread greeter = new Thread(() -> greet(greeting));
      greeter.setDaemon(true);
      greeter.start();
      Report report = check(at(node, silent.getLocalPort()));
      assertThat(one(report, Check.PORT).outcome()).isEqualTo(Outcome.PASSED);
      assertThat(one(report, Check.TLS).found()).isEqualTo("the port is open, but says nothing");
      assertThat(one(report, Check.ADMISSION).outcome()).isEqualTo(Outcome.SKIPPED);

      Finding other = one(check(at(node, greeting.getLocalPort())), Check.TLS);
      assertThat(other.outcome()).isEqualTo(Outcome.FAILED);
      assertThat(other.found()).startsWith("no TLS is spoken there");
    }
  }

  /** As behind a firewall that opens TLS: another authority has signed for the right name. */
  @Test
  void anotherAuthority_isNamed() throws Exception {
    Path node = enrolled("hospital-a");
    try (Coordinator other =
        Coordinator.start(CoordinatorConfig.read(coordinatorFile("other", "90d")))) {
      Report report = check(at(node, other.port()));
      Finding tls = one(report, Check.TLS);
      assertThat(tls.outcome()).isEqualTo(Outcome.FAILED);
      assertThat(tls.found())
          .contains("signed by", "Neurograft authority", "is not the coordinator's");
      assertThat(tls.mend()).contains("firewall, proxy or virus scanner");
      assertThat(one(report, Check.CLOCK).outcome()).isEqualTo(Outcome.SKIPPED);
    }
  }

  @Test
  void anotherName_isToldWithThoseThatCount() throws Exception {
    Path node = enrolled("hospital-a");
    Files.writeString(node, Files.readString(node).replace("localhost:", "127.0.0.1:"));
    Finding tls = one(check(node), Check.TLS);
    assertThat(tls.outcome()).isEqualTo(Outcome.FAILED);
    assertThat(tls.found()).contains("is for localhost, not for 127.0.0.1");
  }

  @Test
  void notEnrolled_saysWhatToDo() throws Exception {
    Path node = node("hospital-a", "coordinator.invalid:7443");
    Finding certificate = one(check(node), Check.CERTIFICATE);
    assertThat(certificate.outcome()).isEqualTo(Outcome.FAILED);
    assertThat(certificate.mend()).contains("run node enrol with the token");
  }

  @Test
  void revoked_saysWhoHasToInvite() throws Exception {
    Path node = enrolled("hospital-a");
    Path alice = alice();
    assertThat(operate(alice, "site", "revoke", "hospital-a").code()).isZero();
    Report report = check(node);
    assertThat(one(report, Check.CERTIFICATE).outcome()).isEqualTo(Outcome.PASSED);
    Finding admission = one(report, Check.ADMISSION);
    assertThat(admission.outcome()).isEqualTo(Outcome.FAILED);
    assertThat(admission.found()).contains("the certificate of site hospital-a was revoked");
    assertThat(admission.mend()).contains("have the operator invite this site");
  }

  @Test
  void expired_isSeenHereAndThere() throws Exception {
    coordinator.close();
    coordinatorFile = coordinatorFile("brief", "5s");
    coordinator = Coordinator.start(CoordinatorConfig.read(coordinatorFile));
    Path node = enrolled("hospital-a");
    Thread.sleep(6_000);
    Report report = check(node);
    assertThat(one(report, Check.CERTIFICATE).found()).startsWith("it does not count now");
    assertThat(one(report, Check.TLS).outcome()).isNotEqualTo(Outcome.FAILED);
    Finding admission = one(report, Check.ADMISSION);
    assertThat(admission.outcome()).isEqualTo(Outcome.FAILED);
    assertThat(admission.found()).contains("it refused the TLS handshake");
  }

  @Test
  void anothersCertificate_isFoundHereAndRefusedThere() throws Exception {
    enrolled("hospital-a");
    Path b = enrolled("hospital-b");
    for (String file : List.of("identity.pem", "trust.pem")) {
      Files.copy(
          folder.resolve("hospital-a/identity").resolve(file),
          folder.resolve("hospital-b/identity").resolve(file),
          StandardCopyOption.REPLACE_EXISTING);
    }
    Report report = check(b);
    assertThat(one(report, Check.CERTIFICATE).found())
        .isEqualTo("it is of site hospital-a, not of site hospital-b");
    assertThat(one(report, Check.ADMISSION).found())
        .contains("the certificate shown is not of site hospital-b");
  }

  @Test
  void keyThatOthersRead_isWarnedOf() throws Exception {
    Path node = enrolled("hospital-a");
    Path key = folder.resolve("hospital-a/identity/identity.pem");
    Files.setPosixFilePermissions(key, PosixFilePermissions.fromString("rw-r--r--"));
    Finding certificate = one(check(node), Check.CERTIFICATE);
    assertThat(certificate.outcome()).isEqualTo(Outcome.WARNING);
    assertThat(certificate.mend()).startsWith("chmod 600 " + key);
  }

  @Test
  void clockSetWrong_warnsThenFailsThenSpoilsCertificates() throws Exception {
    Path node = enrolled("hospital-a");
    assertThat(clock(node, Duration.ofSeconds(45)).outcome()).isEqualTo(Outcome.WARNING);
    Finding behind = clock(node, Duration.ofMinutes(-4));
    assertThat(behind.outcome()).isEqualTo(Outcome.WARNING);
    assertThat(behind.found()).startsWith("240 s behind the coordinator's, give or take 0.");
    assertThat(clock(node, Duration.ofMinutes(20)).outcome()).isEqualTo(Outcome.FAILED);

    Report report = check(node, Duration.ofDays(-400));
    assertThat(one(report, Check.TLS).found())
        .startsWith("the coordinator's certificate does not count now");
    assertThat(one(report, Check.CLOCK).outcome()).isEqualTo(Outcome.FAILED);
    assertThat(one(report, Check.CLOCK).found()).startsWith("at least 399 days behind");
    assertThat(clock(node, Duration.ofDays(400)).found())
        .startsWith("at least 3")
        .contains("ahead");
  }

  @Test
  void data_missingOrCorrupt_isToldWithoutItsContents() throws Exception {
    Path node = enrolled("hospital-a");
    Path table = folder.resolve("patients.csv");
    Files.writeString(
        node,
        Files.readString(node).replaceFirst("uri: .*", "uri: \"csv:" + table + "?label=l\"}"));
    Report missing = check(node);
    assertThat(one(missing, Check.DATA).outcome()).isEqualTo(Outcome.FAILED);
    assertThat(one(missing, Check.DATA).found()).contains("patients.csv");
    assertThat(one(missing, Check.MEMORY).outcome()).isEqualTo(Outcome.SKIPPED);

    Files.writeString(table, "l,age\nsick,47\nwell,secret-of-a-patient\n");
    Typed corrupt = type("preflight", "--config", node);
    assertThat(corrupt.code()).isEqualTo(1);
    assertThat(corrupt.out())
        .contains("line 3, column age: expected a number")
        .doesNotContain("secret-of-a-patient");
    assertThat(corrupt.err()).doesNotContain("secret-of-a-patient");
  }

  @Test
  void folder_thatIsNone_andReserveTooLarge_fail() throws Exception {
    Path node = enrolled("hospital-a");
    String text = Files.readString(node);
    Files.writeString(node, text + "minimum-free: 900000TiB\n");
    Finding disk = one(check(node), Check.DISK);
    assertThat(disk.outcome()).isEqualTo(Outcome.FAILED);
    assertThat(disk.found()).contains("minimum-free keeps 879 PiB of it");

    // Nobody can write there, whoever runs this test.
    Files.writeString(node, text.replaceFirst("folder: .*", "folder: /proc/neurograft"));
    Finding unwritable = one(check(node), Check.FOLDER);
    assertThat(unwritable.outcome()).isEqualTo(Outcome.FAILED);
    assertThat(unwritable.found()).startsWith("cannot write to /proc/neurograft");
  }

  @Test
  void nodeThatRuns_isSeenAndLeftAlone() throws Exception {
    Path file = enrolled("hospital-a");
    try (Node node = Node.start(NodeConfig.read(file))) {
      Report report = check(file);
      while (!one(report, Check.ADMISSION).found().contains("its node is attached now")) {
        Thread.sleep(200);
        report = check(file);
      }
      assertThat(one(report, Check.FOLDER).found()).contains("a node runs in it");
      assertThat(report.passed()).isTrue();
      assertThat(node.ended().isDone()).isFalse();
    }
  }

  @Test
  void plainTextOnThisMachine_needsNoCertificate() throws Exception {
    Path plain =
        Files.writeString(
            folder.resolve("plain.yaml"), "listen: 127.0.0.1:0\nfolder: plain\nplaintext: true\n");
    try (Coordinator spoken = Coordinator.start(CoordinatorConfig.read(plain))) {
      Report report = check(node("hospital-a", "127.0.0.1:" + spoken.port()));
      assertThat(one(report, Check.CERTIFICATE).outcome()).isEqualTo(Outcome.SKIPPED);
      assertThat(one(report, Check.TLS).outcome()).isEqualTo(Outcome.SKIPPED);
      assertThat(one(report, Check.ADMISSION).outcome()).isEqualTo(Outcome.PASSED);
      assertThat(one(report, Check.CLOCK).outcome()).isEqualTo(Outcome.PASSED);
      assertThat(report.passed()).isTrue();
    }
  }

  @Test
  void configurationThatCannotBeRead_isWrongUsage() throws Exception {
    Path wrong = Files.writeString(folder.resolve("wrong.yaml"), "site: A!\n");
    Typed answer = type("preflight", "--config", wrong);
    assertThat(answer.code()).isEqualTo(2);
    assertThat(answer.err()).contains("site: expected 1 to 63").contains("coordinator");
  }

  private Finding clock(Path node, Duration ahead) throws Exception {
    return one(check(node, ahead), Check.CLOCK);
  }

  private static Report check(Path node) throws Exception {
    return check(node, Duration.ZERO);
  }

  private static Report check(Path node, Duration ahead) throws Exception {
    InstantSource clock = Clock.offset(Clock.systemUTC(), ahead);
    return Preflight.run(NodeConfig.read(node), clock, Optional.empty(), line -> {});
  }

  private static Finding one(Report report, Check check) {
    return findings(report, check).get(0);
  }

  private static List<Finding> findings(Report report, Check check) {
    return report.lines().stream()
        .filter(line -> line.check() == check)
        .map(Line::finding)
        .toList();
  }

  private static List<Outcome> outcomes(Report report, Check check) {
    return findings(report, check).stream().map(Finding::outcome).toList();
  }

  private static Path at(Path node, int port) throws Exception {
    return Files.writeString(
        node, Files.readString(node).replaceFirst("localhost:\\d+", "localhost:" + port));
  }

  private static int closedPort() throws Exception {
    try (ServerSocket socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    }
  }

  private static void greet(ServerSocket server) {
    try {
      while (true) {
        try (Socket socket = server.accept()) {
          socket
              .getOutputStream()
              .write("220 mail.example.org ESMTP\r\n".getBytes(StandardCharsets.US_ASCII));
        }
      }
    } catch (java.io.IOException e) {
      // The test is over.
    }
  }

  private static List<String> names(Path place) throws Exception {
    try (Stream<Path> files = Files.list(place)) {
      return files.map(file -> file.getFileName().toString()).toList();
    }
  }

  private Path coordinatorFile(String name, String lifetime) throws Exception {
    return Files.writeString(
        folder.resolve(name + ".yaml"),
        """
        listen: 127.0.0.1:0
        folder: %s
        heartbeat: 500ms
        tls: {names: [localhost]}
        authority: {lifetime: %s}
        """
            .formatted(name, lifetime));
  }

  private Path alice() {
    Path alice = folder.resolve("alice");
    String token =
        type("coordinator", "invite", "alice", "--config", coordinatorFile).out().strip();
    String at = "localhost:" + coordinator.port();
    Typed enrolled =
        type("operator", "enrol", "--token", token, "--coordinator", at, "--identity", alice);
    assertThat(enrolled.code()).as(enrolled.err()).isZero();
    return alice;
  }

  private Path enrolled(String site) throws Exception {
    Path file = node(site, "localhost:" + coordinator.port());
    String token = operate(alice(), "site", "invite", site, "--valid", "5m").out().strip();
    Typed enrolled = type("node", "enrol", "--token", token, "--config", file);
    assertThat(enrolled.code()).as(enrolled.err()).isZero();
    return file;
  }

  private Path node(String site, String at) throws Exception {
    return Files.writeString(
        folder.resolve(site + ".yaml"),
        """
        coordinator: %s
        site: %s
        folder: %2$s
        data: {uri: "glyphs?train=300&test=50"}
        """
            .formatted(at, site));
  }

  private Typed operate(Path identity, Object... words) {
    return Typed.operate(identity, "localhost:" + coordinator.port(), words);
  }
}
