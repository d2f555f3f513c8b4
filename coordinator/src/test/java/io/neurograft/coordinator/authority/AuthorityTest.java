package io.neurograft.coordinator.authority;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.neurograft.neural.config.InvalidInputException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AuthorityTest {
  private static final SecureRandom RANDOM = new SecureRandom();
  private static final Instant NOW = Instant.parse("2026-03-01T10:00:00Z");

  private static final Duration YEAR = Duration.ofDays(365);

  @TempDir Path folder;

  /** A new authority in place of half of one would be trusted by nobody who has enrolled. */
  @Test
  void inFolder_oneFileLost_isRefusedAndTheOtherLeftAlone() throws Exception {
    Authority made = Authority.inFolder(folder, NOW, RANDOM);
    Path certificate = folder.resolve("ca.pem");
    Path key = folder.resolve("ca.key");
    Path away = folder.resolve("away");
    for (Path lost : new Path[] {certificate, key}) {
      Path left = lost.equals(key) ? certificate : key;
      byte[] before = Files.readAllBytes(left);
      Files.move(lost, away);
      assertThatThrownBy(() -> Authority.inFolder(folder, NOW, RANDOM))
          .isInstanceOf(InvalidInputException.class)
          .hasMessageContaining(
              "authority %s: expected ca.pem and ca.key, found only %s",
              folder, left.getFileName());
      assertThat(lost).doesNotExist();
      assertThat(left).hasBinaryContent(before);
      Files.move(away, lost);
    }
    assertThat(Authority.inFolder(folder, NOW, RANDOM).certificate()).isEqualTo(made.certificate());
  }

  @Test
  void fromFiles_keyThatCannotSignHere_isRefusedByName() throws Exception {
    BroughtFiles brought = BroughtFiles.make(folder, "Ed25519", true, NOW, NOW.plus(YEAR));
    assertThatThrownBy(() -> fromFiles(brought, NOW))
        .isInstanceOf(InvalidInputException.class)
        .hasMessageContaining(
            "authority %s: expected a key of kind EC or RSA, found EdDSA", brought.key());
  }

  @Test
  void fromFiles_notGoodNow_isRefusedWithItsDates() throws Exception {
    BroughtFiles brought = BroughtFiles.make(folder, "RSA", true, NOW, NOW.plus(YEAR));
    for (Instant time : new Instant[] {NOW.minusSeconds(1), NOW.plus(YEAR).plusSeconds(1)}) {
      assertThatThrownBy(() -> fromFiles(brought, time))
          .isInstanceOf(InvalidInputException.class)
          .hasMessageContaining("authority " + brought.certificate())
          .hasMessageContaining("is good from %s to %s", NOW, NOW.plus(YEAR));
    }
    assertThat(fromFiles(brought, NOW).until()).isEqualTo(NOW.plus(YEAR));
  }

  @Test
  void fromFiles_keyOfAnother_isRefused() throws Exception {
    BroughtFiles one = BroughtFiles.make(folder.resolve("1"), "EC", true, NOW, NOW.plus(YEAR));
    BroughtFiles other = BroughtFiles.make(folder.resolve("2"), "EC", true, NOW, NOW.plus(YEAR));
    BroughtFiles mixed = new BroughtFiles(one.certificate(), other.key());
    assertThatThrownBy(() -> fromFiles(mixed, NOW))
        .isInstanceOf(InvalidInputException.class)
        .hasMessageContaining("cannot be used with " + other.key());
  }

  private static Authority fromFiles(BroughtFiles brought, Instant now) {
    return Authority.fromFiles(brought.certificate(), brought.key(), now, RANDOM);
  }
}
