package io.neurograft.coordinator.authority;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.neurograft.neural.config.InvalidInputException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AuthorityTest {
  private static final SecureRandom RANDOM = new SecureRandom();
  private static final Instant NOW = Instant.parse("2026-03-01T10:00:00Z");

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
}
