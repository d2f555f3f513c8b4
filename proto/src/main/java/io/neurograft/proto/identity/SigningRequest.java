package io.neurograft.proto.identity;

import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.PublicKey;
import java.security.interfaces.ECPublicKey;
import java.util.Arrays;
import javax.security.auth.x500.X500Principal;
import org.bouncycastle.asn1.sec.SECObjectIdentifiers;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.bouncycastle.operator.jcajce.JcaContentVerifierProviderBuilder;
import org.bouncycastle.pkcs.PKCSException;
import org.bouncycastle.pkcs.jcajce.JcaPKCS10CertificationRequest;
import org.bouncycastle.pkcs.jcajce.JcaPKCS10CertificationRequestBuilder;

/**
 * A request for a certificate: PKCS#10 (RFC 2986). Only its key counts; whom the certificate will
 * name is known already.
 */
public final class SigningRequest {
  private static final String SIGNATURE = "SHA256withECDSA";

  /** Several times what a request for a key on P-256 takes. */
  private static final int LARGEST = 4096;

  private SigningRequest() {}

  /** A request for a certificate of a key pair on P-256, in DER. */
  public static byte[] of(KeyPair keys) {
    try {
      return new JcaPKCS10CertificationRequestBuilder(
              new X500Principal("O=Neurograft"), keys.getPublic())
          .build(new JcaContentSignerBuilder(SIGNATURE).build(keys.getPrivate()))
          .getEncoded();
    } catch (OperatorCreationException | IOException e) {
      throw new IllegalStateException("this Java cannot sign with " + SIGNATURE, e);
    }
  }

  /**
   * The key of a request.
   *
   * @param encoded DER, from anywhere
   * @throws IllegalArgumentException if it is no request, its key is not on P-256, or it was not
   *     signed with that key
   */
  public static PublicKey key(byte[] encoded) {
    if (encoded.length > LARGEST) {
      throw new IllegalArgumentException("expected at most " + LARGEST + " bytes");
    }
    try {
      JcaPKCS10CertificationRequest request = new JcaPKCS10CertificationRequest(encoded);
      if (!Arrays.equals(request.getEncoded(), encoded) || !onCurve(request)) {
        throw new IllegalArgumentException("expected a key on the curve P-256, and nothing else");
      }
      PublicKey key = request.getPublicKey();
      var verifier = new JcaContentVerifierProviderBuilder().build(key);
      if (!(key instanceof ECPublicKey) || !request.isSignatureValid(verifier)) {
        throw new IllegalArgumentException("expected a signature by the key itself");
      }
      return key;
    } catch (IOException
        | GeneralSecurityException
        | OperatorCreationException
        | PKCSException
        | IllegalStateException
        | ClassCastException e) {
      throw new IllegalArgumentException("expected PKCS#10 in DER", e);
    }
  }

  private static boolean onCurve(JcaPKCS10CertificationRequest request) {
    SubjectPublicKeyInfo key = request.getSubjectPublicKeyInfo();
    return SECObjectIdentifiers.secp256r1.equals(key.getAlgorithm().getParameters());
  }
}
