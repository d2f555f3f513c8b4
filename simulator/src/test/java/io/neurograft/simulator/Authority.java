package io.neurograft.simulator;

import io.neurograft.proto.identity.Identity;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collections;
import java.util.List;

/** A certificate authority for a test, and what it signs; all made by the JDK's keytool. */
final class Authority {
  private static final String PASSWORD = "for-this-test";
  private static final String SELF = "authority";

  private final Path folder;
  private final Path store;

  /** A certificate and its private key, in PEM files. */
  record Credentials(Path certificate, Path key) {}

  private Authority(Path folder) {
    this.folder = folder;
    this.store = folder.resolve("keys.p12");
  }

  /** Makes an authority in a folder of its own. */
  static Authority create(Path folder) throws Exception {
    Authority authority = new Authority(Files.createDirectories(folder));
    authority.generate(SELF, "-ext", "bc:critical=ca:true", "-ext", "ku:critical=keyCertSign");
    authority.pem(SELF, ".pem", "CERTIFICATE", authority.keys().getCertificate(SELF).getEncoded());
    return authority;
  }

  /** The authority's own certificate: what those who trust it need. */
  Path certificate() {
    return folder.resolve(SELF + ".pem");
  }

  /**
   * Makes and signs a certificate, good for either end of a connection over loopback.
   *
   * @param identity whom it names
   */
  Credentials issue(String name, Identity identity) throws Exception {
    String names = "san=ip:127.0.0.1,dns:localhost,uri:" + identity.uri();
    generate(name, "-signer", SELF, "-ext", names);
    byte[] key = keys().getKey(name, PASSWORD.toCharArray()).getEncoded();
    return new Credentials(
        pem(name, ".pem", "CERTIFICATE", keys().getCertificate(name).getEncoded()),
        pem(name, ".key", "PRIVATE KEY", key));
  }

  private void generate(String name, String... options) throws IOException, InterruptedException {
    String keytool = Path.of(System.getProperty("java.home"), "bin", "keytool").toString();
    List<String> command = new ArrayList<>(List.of(keytool, "-genkeypair", "-alias", name));
    command.addAll(List.of("-dname", "CN=" + name, "-keyalg", "EC", "-validity", "2"));
    command.addAll(List.of("-keystore", store.toString(), "-storetype", "PKCS12"));
    command.addAll(List.of("-storepass", PASSWORD));
    Collections.addAll(command, options);
    Path log = folder.resolve("keytool.log");
    Process keytoolProcess =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
            .start();
    if (keytoolProcess.waitFor() != 0) {
      throw new IOException("keytool failed: " + Files.readString(log));
    }
  }

  private KeyStore keys() throws GeneralSecurityException, IOException {
    return KeyStore.getInstance(store.toFile(), PASSWORD.toCharArray());
  }

  private Path pem(String name, String ending, String what, byte[] encoded) throws IOException {
    String body = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(encoded);
    return Files.writeString(
        folder.resolve(name + ending),
        "-----BEGIN " + what + "-----\n" + body + "\n-----END " + what + "-----\n");
  }
}
