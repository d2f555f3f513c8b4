package io.neurograft.neural.masking;

import java.util.HexFormat;
import java.util.Objects;
import java.util.Random;
import java.util.SortedMap;
import java.util.TreeMap;

/** Masking keys that are the same in every run of a test. */
final class TestKeys {
  /** What PKCS #8 has before the 32 bytes of an X25519 key (RFC 8410, section 7). */
  private static final String PKCS8 = "302e020100300506032b656e04220420";

  private TestKeys() {}

  /** The keys of a private key that is given as 64 hexadecimal digits. */
  static MaskingKeys of(String hex) {
    return MaskingKeys.of(HexFormat.of().parseHex(PKCS8 + hex));
  }

  /** The keys of a random private key. */
  static MaskingKeys of(long seed) {
    byte[] key = new byte[32];
    new Random(seed).nextBytes(key);
    return of(HexFormat.of().formatHex(key));
  }

  /** Some sites' keys by name: {@code site 0} and so on. */
  static SortedMap<String, MaskingKeys> sites(int count, long seed) {
    SortedMap<String, MaskingKeys> sites = new TreeMap<>();
    for (int i = 0; i < count; i++) {
      sites.put("site " + i, of(seed + i));
    }
    return sites;
  }

  /** The keys of one of the sites. */
  static MaskingKeys own(SortedMap<String, MaskingKeys> sites, String site) {
    return Objects.requireNonNull(sites.get(site));
  }

  static Roster roster(SortedMap<String, MaskingKeys> sites) {
    SortedMap<String, MaskingPublicKey> keys = new TreeMap<>();
    sites.forEach((site, own) -> keys.put(site, own.publicKey()));
    return new Roster(keys);
  }
}
