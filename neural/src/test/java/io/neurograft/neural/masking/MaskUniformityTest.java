package io.neurograft.neural.masking;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * What a collector sees of one site: with fixed keys, so that each test gives the same anywhere.
 */
class MaskUniformityTest {
  private static final int LENGTH = 1 << 20;
  private static final FixedPoint POINTS = new FixedPoint(FixedPoint.DEFAULT_FRACTION_BITS, 3);

  private final SortedMap<String, MaskingKeys> sites = TestKeys.sites(3, 100);

  /** The lowest name adds its masks, the highest subtracts them, the middle one does both. */
  @ParameterizedTest
  @CsvSource({"site 0, 0", "site 0, 1", "site 1, 0", "site 1, -3.7", "site 2, 0", "site 2, 1e11"})
  void mask_constantVector_isUniform(String site, double value) {
    long[] vector = constant(value);

    MaskerTest.masker(sites, site, 1).mask(vector, 0, LENGTH);

    assertThat(Uniformity.faults(vector)).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({"0", "1", "-3.7", "1e11"})
  void faults_unmaskedConstant_areAllFound(double value) {
    assertThat(Uniformity.faults(constant(value))).contains("byte 0", "byte 7", "correlation");
  }

  @Test
  void mask_vectorLikeWeights_isUniform() {
    long[] vector = weights();
    assertThat(Uniformity.faults(vector)).contains("byte 3", "byte 4", "byte 7");

    MaskerTest.masker(sites, "site 1", 1).mask(vector, 0, LENGTH);

    assertThat(Uniformity.faults(vector)).isEmpty();
  }

  /** Two uniform vectors whose difference is uniform have nothing to do with each other. */
  @Test
  void mask_otherExchangeRunRosterOrKeys_isUnrelated() {
    MaskingKeys own = TestKeys.own(sites, "site 0");
    Roster roster = TestKeys.roster(sites);
    SortedMap<String, MaskingKeys> fewer = new TreeMap<>(sites.headMap("site 2"));
    SortedMap<String, MaskingKeys> renewed = new TreeMap<>(sites);
    renewed.put("site 2", TestKeys.of(7));
    long[] mask = mask(new Masker("site 0", own, roster, "run", 1));

    assertThat(Uniformity.faults(mask)).isEmpty();
    assertUnrelated(mask, new Masker("site 0", own, roster, "run", 2));
    assertUnrelated(mask, new Masker("site 0", own, roster, "ruin", 1));
    assertUnrelated(mask, new Masker("site 0", own, TestKeys.roster(fewer), "run", 1));
    assertUnrelated(mask, new Masker("site 0", own, TestKeys.roster(renewed), "run", 1));
    long[] same = mask(new Masker("site 0", own, roster, "run", 1));
    assertThat(Uniformity.faults(difference(mask, same))).isNotEmpty();
  }

  /** Were a pair's stream the same in every roster, what is left here would be zeros. */
  @Test
  void mask_pairInALargerRoster_hasAnotherStream() {
    long[] left = mask(MaskerTest.masker(sites, "site 0", 1));
    for (String other : new String[] {"site 1", "site 2"}) {
      SortedMap<String, MaskingKeys> pair = new TreeMap<>(sites);
      pair.keySet().retainAll(List.of("site 0", other));
      left = difference(left, mask(MaskerTest.masker(pair, "site 0", 1)));
    }

    assertThat(Uniformity.faults(left)).isEmpty();
  }

  private static void assertUnrelated(long[] mask, Masker other) {
    long[] otherMask = mask(other);
    assertThat(Uniformity.faults(otherMask)).isEmpty();
    assertThat(Uniformity.faults(difference(mask, otherMask))).isEmpty();
  }

  private static long[] mask(Masker masker) {
    long[] values = new long[LENGTH];
    masker.mask(values, 0, LENGTH);
    return values;
  }

  private static long[] constant(double value) {
    long[] vector = new long[LENGTH];
    Arrays.fill(vector, POINTS.encode(value, 0));
    return vector;
  }

  private static long[] weights() {
    Random random = new Random(3);
    return POINTS.encode(random.doubles(LENGTH, -0.1, 0.1).toArray());
  }

  private static long[] difference(long[] a, long[] b) {
    long[] difference = new long[a.length];
    Arrays.setAll(difference, i -> a[i] - b[i]);
    return difference;
  }
}
