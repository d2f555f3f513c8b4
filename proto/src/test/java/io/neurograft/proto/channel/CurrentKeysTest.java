package io.neurograft.proto.channel;

import static org.assertj.core.api.Assertions.assertThat;

import io.neurograft.proto.identity.Pem;
import io.neurograft.testing.LogCapture;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CurrentKeysTest {
  private final LogCapture log = LogCapture.of(CurrentKeys.class);

  @TempDir Path folder;

  @AfterEach
  void leave() {
    log.close();
  }

  @Test
  void handshakes_filesThatCannotBeUsed_areToldOfOnceEach() throws Exception {
    Certificates first = Certificates.make(folder, "first");
    Certificates second = Certificates.make(folder, "second");
    CurrentKeys keys = new CurrentKeys(first.certificate(), first.key());
    byte[] before = shown(keys, 1);

    Files.writeString(first.certificate(), "not a certificate");
    assertThat(shown(keys, 5)).isEqualTo(before);
    assertThat(log.lines()).hasSize(1);
    Files.delete(first.certificate());
    assertThat(shown(keys, 5)).isEqualTo(before);
    assertThat(log.lines()).hasSize(2);
    Files.copy(second.certificate(), first.certificate());
    assertThat(shown(keys, 5)).as("without its key").isEqualTo(before);
    assertThat(log.lines()).hasSize(3);
    assertThat(log.lines())
        .allSatisfy(
            line ->
                assertThat(line.getFormattedMessage())
                    .startsWith("goes on with the former certificate of " + first.certificate()));

    Files.copy(second.key(), first.key(), StandardCopyOption.REPLACE_EXISTING);
    assertThat(shown(keys, 5))
        .isEqualTo(Pem.certificates(second.certificate()).get(0).getEncoded());
    assertThat(log.lines()).hasSize(4);
  }

  /** What so many handshakes show. */
  private static byte[] shown(CurrentKeys keys, int handshakes) throws Exception {
    String alias = "";
    for (int i = 0; i < handshakes; i++) {
      alias = keys.chooseEngineServerAlias("EC", null, null);
    }
    return keys.getCertificateChain(alias)[0].getEncoded();
  }
}
