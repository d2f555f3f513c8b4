package io.neurograft.coordinator.authority;

import io.neurograft.proto.identity.Credentials;
import io.neurograft.proto.identity.Pem;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import javax.security.auth.x500.X500Principal;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/** A self-signed certificate and its key, in files as an operator brings them. */
record BroughtFiles(Path certificate, Path key) {
  private static final SecureRandom RANDOM = new SecureRandom();

  /**
   * Makes them.
   *
   * @param algorithm of the key: EC, RSA or Ed25519
   */
  static BroughtFiles make(
      Path folder, String algorithm, boolean authority, Instant from, Instant until)
      throws IOException, GeneralSecurityException, OperatorCreationException {
    KeyPair keys =
        algorithm.equals("EC")
            ? Credentials.newKeys(RANDOM)
            : KeyPairGenerator.getInstance(algorithm).generateKeyPair();
    String signature =
        switch (algorithm) {
          case "EC" -> "SHA256withECDSA";
          case "RSA" -> "SHA256withRSA";
          default -> algorithm;
        };
    X500Principal name = new X500Principal("CN=brought");
    X509Certificate signed =
        Pem.certificate(
            new JcaX509v3CertificateBuilder(
                    name,
                    new BigInteger(64, RANDOM),
                    Date.from(from),
                    Date.from(until),
                    name,
                    keys.getPublic())
                .addExtension(Extension.basicConstraints, true, new BasicConstraints(authority))
                .build(new JcaContentSignerBuilder(signature).build(keys.getPrivate()))
                .getEncoded());
    Files.createDirectories(folder);
    return new BroughtFiles(
        Files.writeString(folder.resolve("brought.pem"), Pem.text(List.of(signed))),
        Files.writeString(folder.resolve("brought.key"), Pem.text(keys.getPrivate())));
  }
}
