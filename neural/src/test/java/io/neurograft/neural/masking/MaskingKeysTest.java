package io.neurograft.neural.masking;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.neurograft.neural.config.InvalidInputException;
import java.math.BigInteger;
import java.security.InvalidKeyException;
import java.security.KeyFactory;
import java.security.KeyPairGenerator;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.security.spec.NamedParameterSpec;
import java.security.spec.XECPublicKeySpec;
import java.util.Arrays;
import java.util.HexFormat;
import javax.crypto.KeyAgreement;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MaskingKeysTest {
  private static final byte[] SALT = {1, 2};
  private static final byte[] INFO = {3};

  /** RFC 7748, section 6.1. */
  private final MaskingKeys alice =
      TestKeys.of("77076d0a7318a57d3c16c17251b26645df4c2f87ebc0992ab177fba51db92c2a");

  private final MaskingKeys bob =
      TestKeys.of("5dab087e624a8a4b79e17f8b83800ee66f3bb1292618b6fd1c2f8b27ff88e0eb");

  @Test
  void with_keysOfTheRfc_bothFindItsSecret() {
    assertThat(alice.publicKey())
        .hasToString("8520f0098930a754748b7ddcb43ef75a0dbf3a0d26381af4eba4a98eaa9b4e6a");
    assertThat(bob.publicKey())
        .hasToString("de9edb7d7b7dc1b4d35b61c2ece435373f8343c85b78674dadfc7e146f882b4f");
    byte[] secret = bytes("4a5d9d5ba4ce2de1728e3bf480350f25e07e21c947d19e3376f09b3c1e161742");
    byte[] key = Hkdf.expand(Hkdf.extract(SALT, secret), INFO, 32);
    assertThat(alice.with(bob.publicKey()).key(SALT, INFO, 32)).isEqualTo(key);
    assertThat(bob.with(alice.publicKey()).key(SALT, INFO, 32)).isEqualTo(key);
  }

  @Test
  void generate_twoSites_agreeOnASecretThatAThirdHasNot() {
    MaskingKeys one = MaskingKeys.generate(new SecureRandom());
    MaskingKeys two = MaskingKeys.generate(new SecureRandom());

    byte[] key = one.with(two.publicKey()).key(SALT, INFO, 32);

    assertThat(two.with(one.publicKey()).key(SALT, INFO, 32)).isEqualTo(key);
    assertThat(alice.with(one.publicKey()).key(SALT, INFO, 32)).isNotEqualTo(key);
    assertThat(alice.with(two.publicKey()).key(SALT, INFO, 32)).isNotEqualTo(key);
  }

  @Test
  void generate_givenRandom_isItsOnlySource() throws NoSuchAlgorithmException {
    assertThat(MaskingKeys.generate(seeded(1)).privateKey())
        .isEqualTo(MaskingKeys.generate(seeded(1)).privateKey())
        .isNotEqualTo(MaskingKeys.generate(seeded(2)).privateKey());
  }

  @Test
  void of_exportedPrivateKey_isTheSamePair() {
    MaskingKeys made = MaskingKeys.generate(new SecureRandom());

    MaskingKeys read = MaskingKeys.of(made.privateKey());

    assertThat(read.publicKey()).isEqualTo(made.publicKey());
    assertThat(read.privateKey()).isEqualTo(made.privateKey());
    assertThat(read.with(bob.publicKey()).key(SALT, INFO, 32))
        .isEqualTo(made.with(bob.publicKey()).key(SALT, INFO, 32));
  }

  @Test
  void of_noPrivateKey_isRefusedWithoutShowingIt() throws NoSuchAlgorithmException {
    byte[] cut = Arrays.copyOf(alice.privateKey(), 40);
    byte[] otherKind =
        KeyPairGenerator.getInstance("Ed25519").generateKeyPair().getPrivate().getEncoded();
    for (byte[] bytes : new byte[][] {{}, new byte[48], cut, otherKind}) {
      assertThatThrownBy(() -> MaskingKeys.of(bytes))
          .isInstanceOf(InvalidInputException.class)
          .hasMessage(
              "private masking key: expected an X25519 key in PKCS #8, found something else")
          .hasNoCause();
    }
  }

  @Test
  void toString_keysAndSecret_showNothingSecret() {
    assertThat(alice).hasToString("masking keys with the public key " + alice.publicKey());
    assertThat(alice.with(bob.publicKey())).hasToString("shared secret");
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 31, 33, 44})
  void publicKey_wrongLength_isRefused(int length) {
    assertThatThrownBy(() -> MaskingPublicKey.of(new byte[length]))
        .isInstanceOf(InvalidInputException.class)
        .hasMessage("public masking key: expected 32 bytes, found " + length);
  }

  /** All points of low order in their one encoding; the JDK agrees that they keep no secret. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "0000000000000000000000000000000000000000000000000000000000000000",
        "0100000000000000000000000000000000000000000000000000000000000000",
        "e0eb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b800",
        "5f9c95bca3508c24b1d0b1559c83ef5b04445cc4581c8e86d8224eddd09f1157",
        "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f"
      })
  void publicKey_lowOrder_isRefused(String hex) throws Exception {
    assertThatThrownBy(() -> MaskingPublicKey.of(bytes(hex)))
        .isInstanceOf(InvalidInputException.class)
        .hasMessageContaining("found one of low order, " + hex);

    KeyFactory factory = KeyFactory.getInstance("X25519");
    BigInteger u = new BigInteger(1, reversed(bytes(hex)));
    KeyAgreement agreement = KeyAgreement.getInstance("X25519");
    agreement.init(KeyPairGenerator.getInstance("X25519").generateKeyPair().getPrivate());
    var point = factory.generatePublic(new XECPublicKeySpec(NamedParameterSpec.X25519, u));
    assertThatThrownBy(() -> agreement.doPhase(point, true))
        .isInstanceOf(InvalidKeyException.class);
  }

  /** The prime itself, which is another zero, and a point with the unused highest bit set. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
        "0900000000000000000000000000000000000000000000000000000000000080"
      })
  void publicKey_secondEncodingOfAPoint_isRefused(String hex) {
    assertThatThrownBy(() -> MaskingPublicKey.of(bytes(hex)))
        .isInstanceOf(InvalidInputException.class)
        .hasMessageContaining("below 2^255 - 19");
  }

  @Test
  void publicKey_ownBytes_areTheSameKeyAndNotShared() {
    byte[] bytes = alice.publicKey().bytes();
    MaskingPublicKey key = MaskingPublicKey.of(bytes);
    bytes[0]++;
    key.bytes()[1]++;

    assertThat(key).isEqualTo(alice.publicKey()).hasSameHashCodeAs(alice.publicKey());
    assertThat(key).isNotEqualTo(bob.publicKey());
  }

  private static SecureRandom seeded(long seed) throws NoSuchAlgorithmException {
    SecureRandom random = SecureRandom.getInstance("SHA1PRNG");
    random.setSeed(seed);
    return random;
  }

  private static byte[] bytes(String hex) {
    return HexFormat.of().parseHex(hex);
  }

  private static byte[] reversed(byte[] bytes) {
    byte[] reversed = new byte[bytes.length];
    for (int i = 0; i < bytes.length; i++) {
      reversed[i] = bytes[bytes.length - 1 - i];
    }
    return reversed;
  }
}
