package io.neurograft.proto.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.KeyPair;
import java.security.SecureRandom;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import javax.security.auth.x500.X500Principal;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class IdentityFolderTest {
  private static final SecureRandom RANDOM = new SecureRandom();
  private static final Instant NOW = Instant.parse("2026-03-01T00:00:00Z");

  @TempDir Path temporary;

  @Test
  void nextKeys_untilACertificateIsStored_areTheSame() throws Exception {
    IdentityFolder folder = new IdentityFolder(temporary.resolve("identity"));
    KeyPair first = folder.nextKeys(RANDOM);
    assertThat(folder.nextKeys(RANDOM).getPublic()).isEqualTo(first.getPublic());
    assertThat(folder.nextKeys(RANDOM).getPrivate()).isEqualTo(first.getPrivate());
    assertThat(folder.enrolled()).isFalse();

    X509Certificate certificate = certificate(first, "neurograft://site/hospital-a");
    folder.store(List.of(certificate), List.of(certificate), first);

    assertThat(folder.enrolled()).isTrue();
    assertThat(folder.credentials().certificate()).isEqualTo(certificate);
    assertThat(folder.credentials().key()).isEqualTo(first.getPrivate());
    assertThat(folder.credentials().renewal()).isEqualTo(NOW.plusSeconds(60));
    assertThat(folder.nextKeys(RANDOM).getPublic()).isNotEqualTo(first.getPublic());
  }

  @Test
  void files_thatHoldKeys_areTheirOwnersAlone() throws Exception {
    IdentityFolder folder = new IdentityFolder(temporary.resolve("identity"));
    KeyPair keys = folder.nextKeys(RANDOM);
    assertThat(permissions(temporary.resolve("identity/next.key"))).isEqualTo("rw-------");
    X509Certificate certificate = certificate(keys, "neurograft://site/hospital-a");
    folder.store(List.of(certificate), List.of(certificate), keys);
    assertThat(permissions(folder.identity())).isEqualTo("rw-------");
    assertThat(permissions(temporary.resolve("identity"))).isEqualTo("rwx------");
    assertThat(temporary.resolve("identity/next.key")).doesNotExist();
  }

  @Test
  void store_certificateOfAnotherKey_isRefused() throws Exception {
    IdentityFolder folder = new IdentityFolder(temporary.resolve("identity"));
    X509Certificate foreign =
        certificate(Credentials.newKeys(RANDOM), "neurograft://site/hospital-a");
    assertThatThrownBy(
            () -> folder.store(List.of(foreign), List.of(foreign), folder.nextKeys(RANDOM)))
        .isInstanceOf(CertificateException.class)
        .hasMessageContaining("another key");
    assertThat(folder.enrolled()).isFalse();
  }

  @Test
  void identity_inACertificate_isReadOnlyWhereThereIsExactlyOne() throws Exception {
    KeyPair keys = Credentials.newKeys(RANDOM);
    assertThat(Identity.of(certificate(keys, "neurograft://operator/alice")))
        .contains(new Identity(Role.OPERATOR, "alice"));
    for (String[] names :
        new String[][] {
          {},
          {"neurograft://site/a", "neurograft://operator/a"},
          {"neurograft://root/a"},
          {"neurograft://site/A"},
          {"neurograft://site/a/b"},
          {"https://site/a"}
        }) {
      assertThat(Identity.of(certificate(keys, names))).as(String.join(" ", names)).isEmpty();
    }
  }

  @Test
  void signingRequest_readBack_givesItsKey() {
    KeyPair keys = Credentials.newKeys(RANDOM);
    byte[] request = SigningRequest.of(keys);
    assertThat(SigningRequest.key(request)).isEqualTo(keys.getPublic());
    // Every single byte counts: changed anywhere, it is refused or signed by nobody.
    for (int i = 0; i < request.length; i++) {
      byte[] damaged = request.clone();
      damaged[i] ^= 0x15;
      assertThatThrownBy(() -> SigningRequest.key(damaged))
          .isInstanceOf(IllegalArgumentException.class);
    }
    for (byte[] none : new byte[][] {{}, {0x30}, new byte[5000]}) {
      assertThatThrownBy(() -> SigningRequest.key(none))
          .isInstanceOf(IllegalArgumentException.class);
    }
  }

  @Test
  void token_printedAndRead_isTheSameAndNamesItsAuthority() throws Exception {
    X509Certificate authority = certificate(Credentials.newKeys(RANDOM));
    Token token = Token.random(RANDOM, authority);
    assertThat(Token.parse(token.text() + "\n")).isEqualTo(token);
    assertThat(token.names(authority)).isTrue();
    assertThat(token.names(certificate(Credentials.newKeys(RANDOM)))).isFalse();
    assertThat(token.toString()).doesNotContain(token.secret());
    assertThatThrownBy(() -> Token.parse("ng1.short"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("expected a token as it was printed");
  }

  private static String permissions(Path file) throws Exception {
    return PosixFilePermissions.toString(Files.getPosixFilePermissions(file));
  }

  private static X509Certificate certificate(KeyPair keys, String... uris) throws Exception {
    X500Principal name = new X500Principal("CN=test");
    var builder =
        new JcaX509v3CertificateBuilder(
            name,
            BigInteger.ONE,
            Date.from(NOW),
            Date.from(NOW.plusSeconds(90)),
            name,
            keys.getPublic());
    if (uris.length > 0) {
      GeneralName[] names = new GeneralName[uris.length];
      for (int i = 0; i < uris.length; i++) {
        names[i] = new GeneralName(GeneralName.uniformResourceIdentifier, uris[i]);
      }
      builder.addExtension(Extension.subjectAlternativeName, false, new GeneralNames(names));
    }
    return Pem.certificate(
        builder
            .build(new JcaContentSignerBuilder("SHA256withECDSA").build(keys.getPrivate()))
            .getEncoded());
  }
}
