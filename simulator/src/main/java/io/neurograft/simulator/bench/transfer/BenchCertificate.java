package io.neurograft.simulator.bench.transfer;

import io.neurograft.proto.channel.TlsSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.Base64;
import java.util.Optional;

/**
 * A self-signed certificate for loopback and its key, made by the JDK's keytool; for both ends. It
 * is an operator's, who may send and fetch artifacts without a run.
 *
 * @param certificate a PEM file
 * @param key a PEM file
 */
record BenchCertificate(Path certificate, Path key) {
  private static final String NAME = "bench";
  private static final String PASSWORD = "for-this-run";

  /** Makes one in a folder. */
  static BenchCertificate make(Path folder)
      throws IOException, InterruptedException, GeneralSecurityException {
    Path store = folder.resolve("keys.p12");
    Path log = folder.resolve("keytool.txt");
    Process keytool =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                "-genkeypair",
                "-alias",
                NAME,
                "-keyalg",
                "EC",
                "-validity",
                "2",
                "-dname",
                "CN=" + NAME,
                "-ext",
                "san=ip:127.0.0.1,uri:neurograft://operator/" + NAME,
                "-keystore",
                store.toString(),
                "-storetype",
                "PKCS12",
                "-storepass",
                PASSWORD)
            .redirectErrorStream(true)
            .redirectOutput(log.toFile())
            .start();
    if (keytool.waitFor() != 0) {
      throw new IOException("keytool failed: " + Files.readString(log));
    }
    KeyStore keys = KeyStore.getInstance(store.toFile(), PASSWORD.toCharArray());
    return new BenchCertificate(
        pem(folder.resolve("bench.pem"), "CERTIFICATE", keys.getCertificate(NAME).getEncoded()),
        pem(
            folder.resolve("bench.key"),
            "PRIVATE KEY",
            keys.getKey(NAME, PASSWORD.toCharArray()).getEncoded()));
  }

  /** A coordinator's configuration with it. */
  String configuration() {
    return "tls: {certificate: \"%s\", key: \"%s\", trust: \"%1$s\"}\n".formatted(certificate, key);
  }

  /** How the other end connects that trusts it. */
  TlsSettings settings() {
    return new TlsSettings(Optional.of(certificate), Optional.of(certificate), Optional.of(key));
  }

  private static Path pem(Path file, String what, byte[] encoded) throws IOException {
    String body = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(encoded);
    return Files.writeString(
        file, "-----BEGIN " + what + "-----\n" + body + "\n-----END " + what + "-----\n");
  }
}
