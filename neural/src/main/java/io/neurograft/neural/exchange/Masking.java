package io.neurograft.neural.exchange;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.neurograft.neural.config.ConfigNode;
import io.neurograft.neural.config.InvalidInputException;
import io.neurograft.neural.masking.FixedPoint;
import io.neurograft.neural.masking.Masker;
import io.neurograft.neural.masking.MaskingKeys;
import io.neurograft.neural.masking.MaskingPublicKey;
import io.neurograft.neural.masking.Roster;
import io.neurograft.neural.safetensors.ElementType;
import java.nio.ByteBuffer;
import java.util.HexFormat;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * How the answers to a question are masked, so that only the sum of all of them can be read.
 *
 * @param run sets the masks apart from those of other runs
 * @param exchange sets them apart from those of the run's other questions
 * @param fractionBits binary digits behind the point of the numbers that are added
 * @param roster the sites of the sum, with their public keys
 */
public record Masking(String run, long exchange, int fractionBits, Roster roster) {
  private static final int MOST_SITES = 1000;

  /** The numbers in which sites and coordinator add. */
  public FixedPoint fixedPoint() {
    return new FixedPoint(fractionBits, roster.keys().size());
  }

  /**
   * The encoding of one site's answer. Good for one answer: the masks go on where they were. They
   * follow from all that the answer depends on, so that no two answers have one mask, and sites
   * that were asked differently give no sum.
   *
   * @param question names what is asked, and of which networks; the same at all sites
   * @throws InvalidInputException if the site is not among those of the sum; when it is used, if a
   *     number is too large for the sum
   */
  public AnswerFile.Encoding encoding(String site, MaskingKeys keys, String question) {
    return new Masked(fixedPoint(), new Masker(site, keys, roster, run + " " + question, exchange));
  }

  private static final class Masked implements AnswerFile.Encoding {
    private final FixedPoint fixed;
    private final Masker masker;
    private long position;

    Masked(FixedPoint fixed, Masker masker) {
      this.fixed = fixed;
      this.masker = masker;
    }

    @Override
    public ElementType type() {
      return ElementType.I64;
    }

    @Override
    public void encode(double[] values, int from, int count, ByteBuffer target) {
      long[] encoded = new long[count];
      for (int i = 0; i < count; i++) {
        encoded[i] = fixed.encode(values[from + i], position++);
      }
      masker.mask(encoded, 0, count);
      for (long value : encoded) {
        target.putLong(value);
      }
    }
  }

  static Masking from(ConfigNode node) {
    SortedMap<String, MaskingPublicKey> keys = new TreeMap<>();
    ConfigNode sites = node.requiredSection("sites");
    for (String site : sites.keys()) {
      try {
        keys.put(site, MaskingPublicKey.of(HexFormat.of().parseHex(sites.text(site))));
      } catch (IllegalArgumentException | InvalidInputException e) {
        sites.fault(site, "expected a public key in hexadecimal digits: " + e.getMessage());
      }
    }
    String run = node.text("run");
    long exchange = node.integer("exchange", 0, Long.MAX_VALUE);
    int bits = (int) node.integer("fraction-bits", 0, 40);
    if (keys.size() < 2 || keys.size() > MOST_SITES) {
      throw new InvalidInputException(
          node.place(), "expected 2 to " + MOST_SITES + " sites, found " + keys.size());
    }
    return new Masking(run, exchange, bits, new Roster(keys));
  }

  void write(ObjectNode node) {
    node.put("run", run).put("exchange", exchange).put("fraction-bits", fractionBits);
    ObjectNode sites = node.putObject("sites");
    roster.keys().forEach((site, key) -> sites.put(site, HexFormat.of().formatHex(key.bytes())));
  }
}
