package io.neurograft.coordinator.authority;

import static org.assertj.core.api.Assertions.assertThat;

import io.neurograft.proto.identity.Pem;
import io.neurograft.testing.LogCapture;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ServerCertificateTest {
  private static final SecureRandom RANDOM = new SecureRandom();
  private static final Instant NOW = Instant.parse("2026-03-01T10:00:00Z");
  private static final Duration DAY = Duration.ofDays(1);

  @TempDir Path folder;

  @Test
  void renew_twoThirdsOver_signsAnew() throws Exception {
    Authority authority = Authority.inFolder(folder.resolve("ca"), NOW, RANDOM);
    ServerCertificate server = open(authority, DAY);
    X509Certificate first = shown(server);
    server.renew(NOW.plus(DAY.dividedBy(2)));
    assertThat(shown(server)).isEqualTo(first);
    server.renew(NOW.plus(DAY.multipliedBy(3).dividedBy(4)));
    assertThat(shown(server)).isNotEqualTo(first);
  }

  /** Signing again would not make it good for longer, and would go on every second. */
  @Test
  void renew_endsWithItsAuthority_signsNoOther() throws Exception {
    BroughtFiles brought = BroughtFiles.make(folder.resolve("ca"), "EC", true, NOW, NOW.plus(DAY));
    Authority authority = Authority.fromFiles(brought.certificate(), brought.key(), NOW, RANDOM);
    ServerCertificate server = open(authority, DAY.multipliedBy(90));
    X509Certificate only = shown(server);
    assertThat(only.getNotAfter().toInstant()).isEqualTo(NOW.plus(DAY));
    for (int hour = 16; hour < 30; hour++) {
      server.renew(NOW.plus(Duration.ofHours(hour)));
      assertThat(shown(server)).isEqualTo(only);
    }
  }

  @Test
  void renew_folderCannotBeWritten_isToldOnceAndTriedAgain() throws Exception {
    Authority authority = Authority.inFolder(folder.resolve("ca"), NOW, RANDOM);
    ServerCertificate server = open(authority, DAY);
    X509Certificate first = shown(server);
    Path own = folder.resolve("coordinator").resolve(Authorities.FOLDER);
    Path away = folder.resolve("away");
    Files.move(own, away);
    Files.createFile(own); // nothing can be written into that
    try (LogCapture log = LogCapture.of(ServerCertificate.class)) {
      for (int second = 0; second < 5; second++) {
        server.renew(NOW.plus(DAY.multipliedBy(3).dividedBy(4)).plusSeconds(second));
      }
      assertThat(log.lines()).singleElement().asString().contains("and tries on");
      Files.delete(own);
      Files.move(away, own);
      server.renew(NOW.plus(DAY.multipliedBy(3).dividedBy(4)).plusSeconds(5));
    }
    assertThat(shown(server)).isNotEqualTo(first);
  }

  private ServerCertificate open(Authority authority, Duration lifetime) {
    Authorities authorities = new Authorities(Optional.of(authority), authority.root());
    ServerTls tls =
        new ServerTls(List.of("localhost"), Optional.empty(), Optional.empty(), lifetime);
    return ServerCertificate.open(tls, authorities, folder.resolve("coordinator"), NOW, RANDOM);
  }

  private static X509Certificate shown(ServerCertificate server) throws Exception {
    return Pem.certificates(server.settings().certificate().orElseThrow()).get(0);
  }
}
