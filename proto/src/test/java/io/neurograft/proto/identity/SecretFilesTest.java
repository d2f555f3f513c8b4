package io.neurograft.proto.identity;

import static org.assertj.core.api.Assertions.assertThat;

import io.neurograft.testing.LogCapture;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SecretFilesTest {
  private final LogCapture log = LogCapture.of(SecretFiles.class);

  @TempDir Path parent;

  @AfterEach
  void leave() {
    log.close();
  }

  @Test
  void folder_madeHere_isItsOwnersAlone() throws Exception {
    Path made = SecretFiles.folder(parent.resolve("a/b"));
    assertThat(mode(made)).isEqualTo("rwx------");
    assertThat(SecretFiles.folder(made)).isEqualTo(made);
    assertThat(log.lines()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"rwxr-xr-x", "rwxrwx---", "rwx-----x"})
  void folder_openToOthers_isToldOfAndLeft(String mode) throws Exception {
    Path open = Files.createDirectory(parent.resolve("open"));
    Files.setPosixFilePermissions(open, PosixFilePermissions.fromString(mode));
    SecretFiles.folder(open);
    assertThat(mode(open)).isEqualTo(mode);
    assertThat(log.lines()).singleElement().asString().contains("others may look into", "" + open);
  }

  @Test
  void warnIfShared_keyForItsOwnerOrForOthers_saysSoOfThese() throws Exception {
    Path key = Files.writeString(parent.resolve("ca.key"), "");
    for (String mode : new String[] {"rw-------", "r--------"}) {
      Files.setPosixFilePermissions(key, PosixFilePermissions.fromString(mode));
      SecretFiles.warnIfShared(key);
    }
    assertThat(log.lines()).isEmpty();
    for (String mode : new String[] {"rw-r-----", "rw----r--", "rw--w----"}) {
      Files.setPosixFilePermissions(key, PosixFilePermissions.fromString(mode));
      SecretFiles.warnIfShared(key);
    }
    assertThat(log.lines()).hasSize(3);
    assertThat(log.lines().get(0).getFormattedMessage())
        .isEqualTo("others may read or write the private key in " + key + "; chmod 600");
  }

  private static String mode(Path file) throws Exception {
    return PosixFilePermissions.toString(Files.getPosixFilePermissions(file));
  }
}
