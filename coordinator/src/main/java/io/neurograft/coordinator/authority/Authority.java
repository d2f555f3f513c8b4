package io.neurograft.coordinator.authority;

import io.neurograft.neural.config.InvalidInputException;
import io.neurograft.neural.config.IoWords;
import io.neurograft.proto.artifact.Digest;
import io.neurograft.proto.artifact.DurableFiles;
import io.neurograft.proto.identity.Credentials;
import io.neurograft.proto.identity.Identity;
import io.neurograft.proto.identity.Pem;
import io.neurograft.proto.identity.SecretFiles;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Date;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import javax.security.auth.x500.X500Principal;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.cert.jcajce.JcaX509ExtensionUtils;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A certificate authority: signs certificates of X.509, version 3. */
public final class Authority {
  private static final Logger LOG = LoggerFactory.getLogger(Authority.class);

  /** The file of its certificate, in its folder. */
  static final String CERTIFICATE = "ca.pem";

  private static final Duration LIFETIME = Duration.ofDays(3650);
  private static final String SUBJECT = "O=Neurograft,CN=Neurograft authority";

  /** How keys of each kind sign. */
  private static final Map<String, String> SIGNATURES =
      Map.of("EC", "SHA256withECDSA", "RSA", "SHA256withRSA");

  /** By how much a certificate is made to begin before now, for clocks that are behind. */
  private static final Duration SKEW = Duration.ofMinutes(5);

  private static final int SERIAL_BITS = 127;

  private final Credentials keys;
  private final SecureRandom random;

  private Authority(Credentials keys, SecureRandom random) {
    this.keys = keys;
    this.random = random;
  }

  /**
   * The authority of a folder, {@code ca.pem} and {@code ca.key}; made if there is none.
   *
   * @throws InvalidInputException if the files cannot be used, or one of them is missing
   */
  static Authority inFolder(Path folder, Instant now, SecureRandom random) {
    Path certificate = folder.resolve(CERTIFICATE);
    Path key = folder.resolve("ca.key");
    try {
      SecretFiles.folder(folder);
      if (!Files.exists(certificate) && !Files.exists(key)) {
        make(certificate, key, now, random);
      }
      requireBoth(certificate, key);
    } catch (IOException e) {
      throw new InvalidInputException("authority " + folder, "cannot be used: " + IoWords.of(e));
    }
    return fromFiles(certificate, key, now, random);
  }

  /**
   * Half an authority is one that was lost: another in its place would lock out all who enrolled.
   */
  private static void requireBoth(Path certificate, Path key) {
    if (!Files.exists(certificate) || !Files.exists(key)) {
      boolean certified = Files.exists(certificate);
      throw new InvalidInputException(
          "authority " + certificate.getParent(),
          "expected "
              + certificate.getFileName()
              + " and "
              + key.getFileName()
              + ", found only "
              + (certified ? certificate : key).getFileName()
              + "; put the other back from a backup, or remove this one, too, to begin with a new"
              + " authority, at which everybody has to enrol anew");
    }
  }

  /** The key first: a certificate that is there has one. */
  private static void make(Path certificate, Path key, Instant now, SecureRandom random)
      throws IOException {
    KeyPair made = Credentials.newKeys(random);
    X500Principal name = new X500Principal(SUBJECT);
    try {
      var builder =
          new JcaX509v3CertificateBuilder(
              name,
              new BigInteger(SERIAL_BITS, random),
              Date.from(now.minus(SKEW)),
              Date.from(now.plus(LIFETIME)),
              name,
              made.getPublic());
      builder
          .addExtension(Extension.basicConstraints, true, new BasicConstraints(0))
          .addExtension(
              Extension.keyUsage, true, new KeyUsage(KeyUsage.keyCertSign | KeyUsage.cRLSign))
          .addExtension(
              Extension.subjectKeyIdentifier,
              false,
              new JcaX509ExtensionUtils().createSubjectKeyIdentifier(made.getPublic()));
      X509Certificate signed =
          Pem.certificate(
              builder
                  .build(new JcaContentSignerBuilder("SHA256withECDSA").build(made.getPrivate()))
                  .getEncoded());
      SecretFiles.write(key, Pem.text(made.getPrivate()));
      DurableFiles.write(certificate, Pem.text(List.of(signed)));
      LOG.info(
          "made a certificate authority in {}; SHA-256 of its certificate: {}",
          certificate.getParent(),
          fingerprint(signed));
    } catch (GeneralSecurityException | OperatorCreationException e) {
      throw new IllegalStateException("this Java cannot sign certificates", e);
    }
  }

  /** As {@code openssl x509 -fingerprint -sha256} prints it. */
  private static String fingerprint(X509Certificate certificate) throws CertificateException {
    byte[] digest = HexFormat.of().parseHex(Digest.of(certificate.getEncoded()).hex());
    return HexFormat.ofDelimiter(":").withUpperCase().formatHex(digest);
  }

  /**
   * An authority whose certificate and key are in files.
   *
   * @param certificate followed by those that lead to its own authority, if it has one
   * @throws InvalidInputException if the files cannot be used, now or at all
   */
  static Authority fromFiles(Path certificate, Path key, Instant now, SecureRandom random) {
    String place = "authority " + certificate;
    try {
      Credentials keys = Credentials.read(certificate, key);
      SecretFiles.warnIfShared(key);
      if (keys.certificate().getBasicConstraints() < 0) {
        throw new InvalidInputException(
            place, "expected the certificate of an authority (basic constraints: CA)");
      }
      if (!SIGNATURES.containsKey(keys.key().getAlgorithm())) {
        throw new InvalidInputException(
            "authority " + key,
            "expected a key of kind EC or RSA, found " + keys.key().getAlgorithm());
      }
      for (X509Certificate one : keys.chain()) {
        requireGood(place, one, now);
      }
      Authority authority = new Authority(keys, random);
      authority.probe();
      return authority;
    } catch (IOException e) {
      throw new InvalidInputException(place, "cannot be used: " + IoWords.of(e));
    } catch (GeneralSecurityException | IllegalStateException e) {
      throw new InvalidInputException(place, "cannot be used with " + key + ": " + e.getMessage());
    }
  }

  private static void requireGood(String place, X509Certificate certificate, Instant now) {
    Instant from = certificate.getNotBefore().toInstant();
    Instant until = certificate.getNotAfter().toInstant();
    if (now.isBefore(from) || now.isAfter(until)) {
      throw new InvalidInputException(
          place,
          "expected certificates that are good now, at "
              + now.truncatedTo(ChronoUnit.SECONDS)
              + ", found one of "
              + certificate.getSubjectX500Principal()
              + " that is good from "
              + from
              + " to "
              + until);
    }
  }

  /**
   * Signs something, so that a key of another certificate is met now and not by those who enrol.
   */
  private void probe() throws GeneralSecurityException {
    Instant from = certificate().getNotBefore().toInstant();
    KeyPair anybody = Credentials.newKeys(random);
    server(anybody.getPublic(), List.of("localhost"), from, Duration.ofHours(1))
        .get(0)
        .verify(certificate().getPublicKey());
  }

  /** The certificate by which those are checked that it signs. */
  X509Certificate certificate() {
    return keys.certificate();
  }

  /** Until when it can sign anything of use. */
  Instant until() {
    return certificate().getNotAfter().toInstant();
  }

  /** The last certificate of its chain: its own, unless another authority has signed it. */
  X509Certificate root() {
    return keys.chain().get(keys.chain().size() - 1);
  }

  /**
   * A certificate by which somebody calls.
   *
   * @return with those that lead to the root
   */
  List<X509Certificate> client(PublicKey key, Identity identity, Instant now, Duration lifetime) {
    GeneralName uri = new GeneralName(GeneralName.uniformResourceIdentifier, identity.uri());
    return sign(
        key,
        identity.name(),
        new GeneralName[] {uri},
        KeyPurposeId.id_kp_clientAuth,
        now,
        lifetime);
  }

  /**
   * A coordinator's certificate.
   *
   * @param names host names and addresses, at least one
   * @return with those that lead to the root
   */
  List<X509Certificate> server(PublicKey key, List<String> names, Instant now, Duration lifetime) {
    GeneralName[] all =
        names.stream()
            .map(
                name ->
                    new GeneralName(
                        ServerTls.isAddress(name) ? GeneralName.iPAddress : GeneralName.dNSName,
                        name))
            .toArray(GeneralName[]::new);
    return sign(key, "coordinator", all, KeyPurposeId.id_kp_serverAuth, now, lifetime);
  }

  private List<X509Certificate> sign(
      PublicKey key,
      String name,
      GeneralName[] names,
      KeyPurposeId purpose,
      Instant now,
      Duration lifetime) {
    Duration skew = lifetime.dividedBy(10).compareTo(SKEW) < 0 ? lifetime.dividedBy(10) : SKEW;
    Instant end = now.plus(lifetime).isBefore(until()) ? now.plus(lifetime) : until();
    try {
      JcaX509ExtensionUtils identifiers = new JcaX509ExtensionUtils();
      var builder =
          new JcaX509v3CertificateBuilder(
              certificate(),
              new BigInteger(SERIAL_BITS, random),
              Date.from(now.minus(skew)),
              Date.from(end),
              new X500Principal("O=Neurograft,CN=" + name),
              key);
      builder
          .addExtension(Extension.basicConstraints, true, new BasicConstraints(false))
          .addExtension(Extension.keyUsage, true, new KeyUsage(KeyUsage.digitalSignature))
          .addExtension(Extension.extendedKeyUsage, false, new ExtendedKeyUsage(purpose))
          .addExtension(Extension.subjectAlternativeName, false, new GeneralNames(names))
          .addExtension(
              Extension.authorityKeyIdentifier,
              false,
              identifiers.createAuthorityKeyIdentifier(certificate().getPublicKey()))
          .addExtension(
              Extension.subjectKeyIdentifier, false, identifiers.createSubjectKeyIdentifier(key));
      String algorithm = Objects.requireNonNull(SIGNATURES.get(keys.key().getAlgorithm()));
      byte[] signed =
          builder.build(new JcaContentSignerBuilder(algorithm).build(keys.key())).getEncoded();
      List<X509Certificate> chain = new ArrayList<>();
      chain.add(Pem.certificate(signed));
      chain.addAll(keys.chain());
      return chain;
    } catch (IOException | GeneralSecurityException | OperatorCreationException e) {
      throw new IllegalStateException("the authority cannot sign: " + e.getMessage(), e);
    }
  }
}
