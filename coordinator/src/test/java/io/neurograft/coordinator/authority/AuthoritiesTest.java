package io.neurograft.coordinator.authority;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.neurograft.neural.config.InvalidInputException;
import io.neurograft.proto.channel.TlsSettings;
import io.neurograft.proto.identity.Pem;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whom those trust who enrol. */
class AuthoritiesTest {
  private static final Instant NOW = Instant.parse("2026-03-01T10:00:00Z");
  private static final Duration YEAR = Duration.ofDays(365);

  @TempDir Path folder;
  private BroughtFiles leaf;
  private BroughtFiles authority;

  @BeforeEach
  void make() throws Exception {
    leaf = BroughtFiles.make(folder.resolve("leaf"), "EC", false, NOW, NOW.plus(YEAR));
    authority = BroughtFiles.make(folder.resolve("ca"), "EC", true, NOW, NOW.plus(YEAR));
  }

  /** They would trust this one certificate, and no later one. */
  @Test
  void open_broughtLeafAloneWhereSitesEnrol_isRefused() {
    Optional<ServerTls.Files> signing =
        Optional.of(new ServerTls.Files(authority.certificate(), authority.key()));
    for (var signs : List.of(Optional.<ServerTls.Files>empty(), signing)) {
      assertThatThrownBy(() -> open(Optional.empty(), signs))
          .isInstanceOf(InvalidInputException.class)
          .hasMessageContaining(
              "tls.certificate " + leaf.certificate() + ": expected the certificate of its");
    }
  }

  @Test
  void open_broughtLeafFollowedByItsAuthority_trustsThat() throws Exception {
    Files.writeString(
        leaf.certificate(), Files.readString(authority.certificate()), StandardOpenOption.APPEND);
    Authorities opened = open(Optional.empty(), Optional.empty());
    assertThat(opened.root()).isEqualTo(Pem.certificates(authority.certificate()).get(0));
    assertThat(opened.signing()).isPresent();
  }

  @Test
  void open_broughtLeafAloneWhereNobodyEnrols_isTaken() {
    Authorities opened = open(Optional.of(authority.certificate()), Optional.empty());
    assertThat(opened.signing()).isEmpty();
  }

  private Authorities open(Optional<Path> trust, Optional<ServerTls.Files> signing) {
    TlsSettings files =
        new TlsSettings(trust, Optional.of(leaf.certificate()), Optional.of(leaf.key()));
    ServerTls tls =
        new ServerTls(List.of(), Optional.of(files), signing, ServerTls.DEFAULT.lifetime());
    return Authorities.open(tls, folder.resolve("coordinator"), NOW, new SecureRandom());
  }
}
