package io.neurograft.neural.masking;

import io.neurograft.neural.config.InvalidInputException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The sites of one sum, by name, with their public keys. All of them must send their part: masks
 * cancel in the sum over the whole roster alone.
 *
 * @param keys at least two sites, each with a key of its own; copied, in the order of the names
 */
public record Roster(SortedMap<String, MaskingPublicKey> keys) {
  /**
   * @throws InvalidInputException if there are fewer than two sites, or two with the same key
   */
  public Roster {
    if (keys.size() < 2) {
      throw fault("expected at least 2 sites, so that a sum hides its parts, found " + keys.size());
    }
    // By the names' own order, whatever the given map's: all sites must agree on it.
    TreeMap<String, MaskingPublicKey> copy = new TreeMap<>();
    Map<MaskingPublicKey, String> owners = new HashMap<>();
    keys.forEach(
        (site, key) -> {
          copy.put(site, key);
          String owner = owners.put(key, site);
          if (owner != null) {
            throw fault(
                "expected a key of its own for each site, found one for " + owner + " and " + site);
          }
        });
    keys = Collections.unmodifiableSortedMap(copy);
  }

  /** The public key of a site of the roster. */
  MaskingPublicKey key(String site) {
    return Objects.requireNonNull(keys.get(site));
  }

  /** SHA-256 of all names and keys: equal where two sites were told the same. */
  byte[] digest() {
    List<byte[]> fields = new ArrayList<>();
    keys.forEach(
        (site, key) -> {
          fields.add(Fields.of(site));
          fields.add(key.bytes());
        });
    try {
      return MessageDigest.getInstance("SHA-256")
          .digest(Fields.join(fields.toArray(byte[][]::new)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }

  static InvalidInputException fault(String message) {
    return new InvalidInputException("roster", message);
  }
}
