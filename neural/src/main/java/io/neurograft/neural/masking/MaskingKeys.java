package io.neurograft.neural.masking;

import io.neurograft.neural.config.InvalidInputException;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.SecureRandom;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.NamedParameterSpec;
import java.security.spec.PKCS8EncodedKeySpec;
import java.security.spec.XECPublicKeySpec;
import java.util.Arrays;
import javax.crypto.KeyAgreement;

/** A site's pair of X25519 keys (RFC 7748) for the masks of one run. */
public final class MaskingKeys {
  private static final String X25519 = "X25519";

  /** The base point, u = 9: what a private key makes of it is its public key (section 6.1). */
  private static final MaskingPublicKey BASE =
      MaskingPublicKey.of(Arrays.copyOf(new byte[] {9}, MaskingPublicKey.LENGTH));

  private final PrivateKey privateKey;
  private final MaskingPublicKey publicKey;

  private MaskingKeys(PrivateKey privateKey) throws GeneralSecurityException {
    this.privateKey = privateKey;
    this.publicKey = MaskingPublicKey.of(agree(privateKey, BASE));
  }

  /**
   * New keys.
   *
   * @param random where the private key is from; the masks are as secret as it is unpredictable
   */
  public static MaskingKeys generate(SecureRandom random) {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance(X25519);
      generator.initialize(NamedParameterSpec.X25519, random);
      return new MaskingKeys(generator.generateKeyPair().getPrivate());
    } catch (GeneralSecurityException e) {
      throw missing(e);
    }
  }

  /**
   * The keys that a private key belongs to.
   *
   * @param privateKey what {@link #privateKey()} gave
   * @throws InvalidInputException if the bytes are no X25519 private key
   */
  public static MaskingKeys of(byte[] privateKey) {
    try {
      KeyFactory factory = KeyFactory.getInstance(X25519);
      return new MaskingKeys(factory.generatePrivate(new PKCS8EncodedKeySpec(privateKey)));
    } catch (InvalidKeySpecException e) {
      // Without the cause: it may show bytes of the key.
      throw new InvalidInputException(
          "private masking key", "expected an X25519 key in PKCS #8, found something else");
    } catch (GeneralSecurityException e) {
      throw missing(e);
    }
  }

  /** The private key in PKCS #8. Whoever has it and the roster can take the site's masks off. */
  public byte[] privateKey() {
    return privateKey.getEncoded();
  }

  /** The key that the other sites need. */
  public MaskingPublicKey publicKey() {
    return publicKey;
  }

  /** The secret that the other site finds as well, from its keys and this public key. */
  SharedSecret with(MaskingPublicKey other) {
    try {
      return new SharedSecret(agree(privateKey, other));
    } catch (GeneralSecurityException e) {
      throw missing(e); // public keys of low order have been refused already
    }
  }

  /** Shows the public key alone. */
  @Override
  public String toString() {
    return "masking keys with the public key " + publicKey;
  }

  private static byte[] agree(PrivateKey own, MaskingPublicKey other)
      throws GeneralSecurityException {
    var point = new XECPublicKeySpec(NamedParameterSpec.X25519, other.u());
    KeyAgreement agreement = KeyAgreement.getInstance(X25519);
    agreement.init(own);
    agreement.doPhase(KeyFactory.getInstance(X25519).generatePublic(point), true);
    return agreement.generateSecret();
  }

  private static IllegalStateException missing(GeneralSecurityException e) {
    return new IllegalStateException("every JDK has " + X25519, e);
  }
}
