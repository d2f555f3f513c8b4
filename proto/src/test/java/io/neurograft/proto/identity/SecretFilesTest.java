package io.neurograft.proto.identity;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.LoggerFactory;

class SecretFilesTest {
  private final Logger logger = (Logger) LoggerFactory.getLogger(SecretFiles.class);
  private final ListAppender<ILoggingEvent> log = new ListAppender<>();

  @TempDir Path parent;

  @BeforeEach
  void listen() {
    log.start();
    logger.addAppender(log);
  }

  @AfterEach
  void leave() {
    logger.detachAppender(log);
  }

  @Test
  void folder_madeHere_isItsOwnersAlone() throws Exception {
    Path made = SecretFiles.folder(parent.resolve("a/b"));
    assertThat(mode(made)).isEqualTo("rwx------");
    assertThat(SecretFiles.folder(made)).isEqualTo(made);
    assertThat(log.list).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"rwxr-xr-x", "rwxrwx---", "rwx-----x"})
  void folder_openToOthers_isToldOfAndLeft(String mode) throws Exception {
    Path open = Files.createDirectory(parent.resolve("open"));
    Files.setPosixFilePermissions(open, PosixFilePermissions.fromString(mode));
    SecretFiles.folder(open);
    assertThat(mode(open)).isEqualTo(mode);
    assertThat(log.list).singleElement().asString().contains("others may look into", "" + open);
  }

  @Test
  void warnIfShared_keyForItsOwnerOrForOthers_saysSoOfThese() throws Exception {
    Path key = Files.writeString(parent.resolve("ca.key"), "");
    for (String mode : new String[] {"rw-------", "r--------"}) {
      Files.setPosixFilePermissions(key, PosixFilePermissions.fromString(mode));
      SecretFiles.warnIfShared(key);
    }
    assertThat(log.list).isEmpty();
    for (String mode : new String[] {"rw-r-----", "rw----r--", "rw--w----"}) {
      Files.setPosixFilePermissions(key, PosixFilePermissions.fromString(mode));
      SecretFiles.warnIfShared(key);
    }
    assertThat(log.list).hasSize(3);
    assertThat(log.list.get(0).getFormattedMessage())
        .isEqualTo("others may read or write the private key in " + key + "; chmod 600");
  }

  private static String mode(Path file) throws Exception {
    return PosixFilePermissions.toString(Files.getPosixFilePermissions(file));
  }
}
