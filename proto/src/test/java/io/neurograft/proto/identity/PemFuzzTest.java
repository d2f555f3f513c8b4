package io.neurograft.proto.identity;

import io.neurograft.testing.fuzz.Bounds;
import io.neurograft.testing.fuzz.FileFuzzTest;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.cert.CertificateException;
import java.security.spec.InvalidKeySpecException;
import java.util.Set;

/** Files with certificates, private keys and public keys, as somebody brings them. */
class PemFuzzTest extends FileFuzzTest {
  @Override
  protected void readFiles(byte[] input) throws IOException, GeneralSecurityException {
    Path file = file("some.pem", input);
    GeneralSecurityException first = null;
    try {
      var unused = Pem.certificates(file);
    } catch (CertificateException e) {
      first = e;
    }
    try {
      var unused = Pem.privateKey(file);
    } catch (InvalidKeySpecException e) {
      first = e;
    }
    var unused = PublicKeys.read(file);
    if (first != null) {
      throw first;
    }
  }

  @Override
  protected Set<Class<? extends Exception>> refusals() {
    return Set.of(
        CharacterCodingException.class, // it is no text
        GeneralSecurityException.class);
  }

  @Override
  protected Bounds bounds() {
    return Bounds.of(1 << 20, 2000);
  }
}
