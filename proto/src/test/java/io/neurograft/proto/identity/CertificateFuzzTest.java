package io.neurograft.proto.identity;

import io.neurograft.testing.fuzz.Bounds;
import io.neurograft.testing.fuzz.FuzzTest;
import java.security.GeneralSecurityException;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Set;

/** Certificates in DER, as a coordinator's answer brings them, and whom they name. */
class CertificateFuzzTest extends FuzzTest {
  @Override
  protected void read(byte[] input) throws GeneralSecurityException {
    X509Certificate certificate = Pem.certificate(input);
    var unused = Identity.of(certificate);
    var unusedText = Pem.text(List.of(certificate));
    var unusedKey = certificate.getPublicKey();
  }

  @Override
  protected Set<Class<? extends Exception>> refusals() {
    return Set.of(CertificateException.class);
  }

  @Override
  protected Bounds bounds() {
    return Bounds.of(1 << 20, 2000);
  }
}
