package io.neurograft.neural.masking;

import io.neurograft.neural.config.InvalidInputException;
import java.util.List;
import java.util.Objects;

/**
 * The masks of one site for one vector of a run. With each other site of the roster it shares a
 * stream of random numbers that nobody else knows; the site whose name sorts lower adds them, the
 * other subtracts them. So the sum of all masked vectors is the sum of the vectors modulo 2^64,
 * while a masked vector by itself, or a sum that lacks a site, is random to the collector.
 * (Bonawitz et al. 2017, section 4.)
 *
 * <p>Equal arguments give equal masks, so that a site can answer again after a restart. For the
 * same reason an exchange number must serve one vector only: under equal masks, the difference of
 * two vectors is bare. Masks depend on the whole roster: sites that were told different ones give
 * noise, and a vector may be sent again to a smaller roster. If the collector has both sums, their
 * difference is what the sites left out had sent.
 *
 * <p>The collector may be curious but not a liar: it could make up sites, or give out keys of its
 * own. Against that, sites must know by other means whose keys the roster has. A collector in
 * league with some sites learns the sum of the others.
 *
 * <p>Not for several threads at once.
 */
public final class Masker {
  private static final String VERSION = "neurograft pairwise mask 1";

  private final List<MaskStream> streams;

  /**
   * Masks from the vector's first value on.
   *
   * @param site the own name, as the roster has it
   * @param keys the own keys, whose public key the roster has
   * @param roster all sites whose vectors are added
   * @param run the run's identifier
   * @param exchange the vector's number within the run
   * @throws InvalidInputException if the roster lacks this site, or has another key for it
   */
  public Masker(String site, MaskingKeys keys, Roster roster, String run, long exchange) {
    requireOwn(site, keys.publicKey(), roster);
    byte[] salt = Fields.of(run);
    this.streams =
        roster.keys().keySet().stream()
            .filter(other -> !other.equals(site))
            .map(
                other -> {
                  boolean lower = site.compareTo(other) < 0;
                  byte[] info =
                      lower
                          ? info(site, other, roster, exchange)
                          : info(other, site, roster, exchange);
                  SharedSecret secret = keys.with(roster.key(other));
                  return new MaskStream(secret.key(salt, info, MaskStream.KEY), lower);
                })
            .toList();
  }

  /**
   * Masks the vector's next values in place. Each call goes on where the last one ended, so that
   * the values can come in blocks of any sizes.
   *
   * @throws IndexOutOfBoundsException if the array has no such values; then nothing is masked
   */
  public void mask(long[] values, int offset, int length) {
    Objects.checkFromIndexSize(offset, length, values.length);
    int done = 0;
    while (done < length) {
      int count = Math.min(MaskStream.BLOCK, length - done);
      for (MaskStream stream : streams) {
        stream.mask(values, offset + done, count);
      }
      done += count;
    }
  }

  private static void requireOwn(String site, MaskingPublicKey own, Roster roster) {
    if (!roster.keys().containsKey(site)) {
      throw Roster.fault("expected this site, " + site + ", found " + roster.keys().keySet());
    }
    if (!roster.key(site).equals(own)) {
      throw Roster.fault(
          "expected the key %s of this site, %s, found %s".formatted(own, site, roster.key(site)));
    }
  }

  /** What a pair's stream is for, so that any other use has an unrelated one. */
  private static byte[] info(String lower, String higher, Roster roster, long exchange) {
    return Fields.join(
        Fields.of(VERSION),
        Fields.of(lower),
        Fields.of(higher),
        roster.key(lower).bytes(),
        roster.key(higher).bytes(),
        Fields.of(exchange),
        roster.digest());
  }
}
