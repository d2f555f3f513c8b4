package io.neurograft.coordinator.authority;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.neurograft.coordinator.audit.Journal;
import io.neurograft.coordinator.authority.Registrar.Issued;
import io.neurograft.coordinator.conduct.Refusal;
import io.neurograft.coordinator.store.Database;
import io.neurograft.coordinator.store.IdentityTable.Revoked;
import io.neurograft.coordinator.store.IdentityTable.Shown;
import io.neurograft.coordinator.store.StoredSite;
import io.neurograft.neural.config.InvalidInputException;
import io.neurograft.proto.audit.AuditFiles;
import io.neurograft.proto.audit.ChainCheck;
import io.neurograft.proto.identity.Credentials;
import io.neurograft.proto.identity.Identity;
import io.neurograft.proto.identity.Role;
import io.neurograft.proto.identity.SigningRequest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is given to whom, over a real database and a real audit log. */
class RegistrarTest {
  private static final SecureRandom RANDOM = new SecureRandom();
  private static final Identity SITE = new Identity(Role.SITE, "hospital-a");
  private static final Duration HOUR = Duration.ofHours(1);
  private static final Duration LIFETIME = Duration.ofDays(90);

  @TempDir Path folder;
  private Instant now = Instant.parse("2026-03-01T10:00:00Z");
  private Database database;
  private Journal journal;
  private Registrar registrar;

  @BeforeEach
  void open() {
    database = Database.open(folder.resolve("coordinator.db"), () -> now);
    journal = Journal.open(folder, () -> now, () -> {});
    Authorities authorities = Authorities.open(ServerTls.DEFAULT, folder, now, RANDOM);
    registrar = new Registrar(database, authorities, LIFETIME, () -> now, RANDOM, journal);
  }

  @AfterEach
  void close() {
    journal.close();
    database.close();
  }

  /** By whomever: over the wire, or on the coordinator's own machine. */
  @Test
  void invite_forSecondsOrYears_isRefused() {
    for (Duration valid :
        List.of(
            Duration.ZERO,
            HOUR.negated(),
            Duration.ofSeconds(59),
            Duration.ofDays(30).plusSeconds(1),
            Duration.ofSeconds(Long.MAX_VALUE))) {
      assertThatThrownBy(() -> registrar.invite("local", SITE, valid))
          .isInstanceOf(InvalidInputException.class)
          .hasMessage("invitation: valid: expected a minute to 30 days");
    }
    Duration longest = Duration.ofDays(30);
    assertThat(registrar.invite("local", SITE, longest).expires()).isEqualTo(now.plus(longest));
  }

  @Test
  void renew_certificateOfAnotherAuthority_isRefused() {
    Authority other = Authority.inFolder(folder.resolve("other"), now, RANDOM);
    var foreign = other.client(Credentials.newKeys(RANDOM).getPublic(), SITE, now, LIFETIME).get(0);
    assertThatThrownBy(() -> registrar.renew(Registrar.shown(foreign, SITE), request()))
        .isInstanceOf(Refusal.class)
        .hasMessageContaining("the certificate of site hospital-a was not signed here");
    assertThat(registrar.renew(enrolled(), request()).chain()).hasSize(2);
  }

  @Test
  void revoke_auditLogCannotBeWritten_isDoneAndToldLater() throws IOException {
    Shown certificate = enrolled();
    Path audit = AuditFiles.folder(folder);
    Files.move(audit, folder.resolve("away"));
    Files.createFile(audit); // nothing can be written into that

    assertThatThrownBy(this::invited).hasMessageContaining("the audit log cannot be written");
    assertThat(registrar.revoke("operator alice", SITE).certificates()).isEqualTo(1);
    assertThat(registrar.revoked(certificate)).isTrue();

    Files.delete(audit);
    Files.move(folder.resolve("away"), audit);
    invited();
    assertThat(words())
        .containsExactly("identity.invited", "certificate.issued", "log.lost", "identity.invited");
    assertThat(registrar.revoke("operator alice", SITE).certificates()).isZero();
    assertThat(words()).endsWith("identity.revoked");
  }

  @Test
  void renewAndEnrol_againAndAgain_areBounded() {
    String token = invited();
    byte[] request = request();
    Shown certificate = Registrar.shown(registrar.enrol(token, request).chain().get(0), SITE);
    for (int i = 1; i < 100; i++) {
      registrar.enrol(token, request);
      registrar.renew(certificate, request);
    }
    registrar.renew(certificate, request);
    String end = now.plus(LIFETIME).toString();
    for (ThrowingCallable more :
        List.<ThrowingCallable>of(
            () -> registrar.enrol(token, request), () -> registrar.renew(certificate, request))) {
      assertThatThrownBy(more)
          .isInstanceOf(Refusal.class)
          .hasMessageContaining("site hospital-a has 200 certificates that are good")
          .hasMessageContaining("wait until one expires, at " + end);
    }
    assertThat(registrar.revoke("operator alice", SITE).certificates()).isEqualTo(200);
    now = now.plusSeconds(1);
    assertThat(registrar.revoked(enrolled())).isFalse();
    now = now.plus(LIFETIME).plusSeconds(1);
    assertThat(registrar.revoked(enrolled())).isFalse();
  }

  @Test
  void revoke_nameThatNobodyHas_isToldAndCountsForOtherAuthorities() {
    enrolled();
    Identity mistyped = new Identity(Role.SITE, "hopsital-a");
    Identity operator = new Identity(Role.OPERATOR, "hospital-a");
    Shown foreign = new Shown("1", mistyped, now);
    assertThat(registrar.revoke("local", mistyped)).isEqualTo(new Revoked(0, false));
    assertThat(registrar.revoke("local", mistyped)).isEqualTo(new Revoked(0, false));
    assertThat(registrar.revoke("local", operator)).isEqualTo(new Revoked(0, false));
    assertThat(registrar.revoked(foreign)).isTrue();
    assertThat(registrar.revoke("local", SITE)).isEqualTo(new Revoked(1, true));
    assertThat(registrar.revoke("local", SITE)).isEqualTo(new Revoked(0, true));
    registrar.invite("local", mistyped, HOUR);
    assertThat(registrar.revoke("local", mistyped)).isEqualTo(new Revoked(0, true));
    // Known by another authority's certificate alone.
    Identity attached = new Identity(Role.SITE, "hospital-b");
    StoredSite site = new StoredSite("hospital-b", List.of(1L), List.of(1L), 0, "", now);
    database.write(
        tables -> {
          tables.sites().save(site);
          return site;
        });
    assertThat(registrar.revoke("local", attached)).isEqualTo(new Revoked(0, true));
  }

  private List<String> words() throws IOException {
    List<String> words = new ArrayList<>();
    ChainCheck.Result result =
        ChainCheck.of(
            AuditFiles.list(AuditFiles.folder(folder)), List.of(), line -> words.add(line.what()));
    assertThat(result.damage()).isEmpty();
    return words;
  }

  private Shown enrolled() {
    Issued issued = registrar.enrol(invited(), request());
    return Registrar.shown(issued.chain().get(0), SITE);
  }

  private String invited() {
    return registrar.invite("operator alice", SITE, HOUR).token().secret();
  }

  private static byte[] request() {
    return SigningRequest.of(Credentials.newKeys(RANDOM));
  }
}
