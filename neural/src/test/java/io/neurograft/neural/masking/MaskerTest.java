package io.neurograft.neural.masking;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.neurograft.neural.config.InvalidInputException;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.SortedMap;
import java.util.TreeMap;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class MaskerTest {
  private final SortedMap<String, MaskingKeys> sites = TestKeys.sites(3, 1);
  private final Roster roster = TestKeys.roster(sites);

  @Property(tries = 150)
  void mask_allSitesInAnyBlocks_sumIsExactToTheStep(
      @ForAll("siteCounts") int count,
      @ForAll @IntRange(min = 1, max = 10_000) int length,
      @ForAll @IntRange(max = 40) int fractionBits,
      @ForAll long seed) {
    Random random = new Random(seed);
    SortedMap<String, MaskingKeys> members = TestKeys.sites(count, seed);
    FixedPoint points = new FixedPoint(fractionBits, count);
    List<double[]> vectors = new ArrayList<>();
    long[] sum = new long[length];
    for (String site : members.keySet()) {
      double[] vector = vector(length, points.limit(), random);
      vectors.add(vector);
      long[] masked = points.encode(vector);
      maskInBlocks(masker(members, site, 9), masked, random);
      add(sum, masked);
    }

    for (int i = 0; i < length; i++) {
      BigDecimal exact = BigDecimal.ZERO;
      for (double[] vector : vectors) {
        double steps = Math.rint(Math.scalb(vector[i], fractionBits));
        exact = exact.add(new BigDecimal(steps));
      }
      assertThat(sum[i]).isEqualTo(exact.longValueExact());
      assertThat(points.decode(sum[i])).isEqualTo(Math.scalb(exact.doubleValue(), -fractionBits));
    }
  }

  @Provide
  Arbitrary<Integer> siteCounts() {
    return Arbitraries.of(2, 3, 5);
  }

  @Test
  void mask_sameArguments_sameMaskWhateverTheBlocks() {
    long[] whole = new long[20_000];
    masker(sites, "site 1", 4).mask(whole, 0, whole.length);

    long[] again = new long[20_000];
    maskInBlocks(masker(sites, "site 1", 4), again, new Random(5));

    assertThat(again).isEqualTo(whole);
  }

  /** What a second implementation gives, of other parts: Python's package cryptography. */
  @Test
  void mask_anyMachine_sameNumbers() {
    SortedMap<String, MaskingKeys> pair = new TreeMap<>();
    pair.put(
        "alice", TestKeys.of("77076d0a7318a57d3c16c17251b26645df4c2f87ebc0992ab177fba51db92c2a"));
    pair.put(
        "bob", TestKeys.of("5dab087e624a8a4b79e17f8b83800ee66f3bb1292618b6fd1c2f8b27ff88e0eb"));
    long[] lower = new long[10_000];
    long[] higher = new long[10_000];

    new Masker("alice", TestKeys.own(pair, "alice"), TestKeys.roster(pair), "run 1", 7)
        .mask(lower, 0, lower.length);
    new Masker("bob", TestKeys.own(pair, "bob"), TestKeys.roster(pair), "run 1", 7)
        .mask(higher, 0, higher.length);

    assertThat(lower)
        .startsWith(-3009292151138632425L, -1281445440983267739L, -4880903491531235600L)
        .endsWith(-7088072947266578902L);
    assertThat(higher).isEqualTo(Arrays.stream(lower).map(value -> -value).toArray());
  }

  @Test
  void mask_partOfAnArray_leavesTheRest() {
    long[] values = new long[10];
    Masker masker = masker(sites, "site 0", 1);
    masker.mask(values, 3, 0);
    masker.mask(values, 3, 4);

    long[] mask = new long[4];
    masker(sites, "site 0", 1).mask(mask, 0, 4);

    assertThat(Arrays.copyOfRange(values, 3, 7)).isEqualTo(mask).doesNotContain(0);
    assertThat(values).startsWith(0, 0, 0).endsWith(0, 0, 0);
    assertThatThrownBy(() -> masker.mask(values, 7, 4))
        .isInstanceOf(IndexOutOfBoundsException.class);
  }

  @Test
  void mask_rosterGivenInAnyOrder_sameMask() {
    SortedMap<String, MaskingPublicKey> backwards = new TreeMap<>(Comparator.reverseOrder());
    backwards.putAll(roster.keys());

    Roster other = new Roster(backwards);

    assertThat(other.keys().keySet()).containsExactly("site 0", "site 1", "site 2");
    assertThat(first(new Masker("site 1", TestKeys.own(sites, "site 1"), other, "run", 1)))
        .isEqualTo(first(masker(sites, "site 1", 1)));
  }

  @Test
  void roster_fewerThanTwoSitesOrOneKeyTwice_isRefused() {
    SortedMap<String, MaskingPublicKey> keys = new TreeMap<>();
    assertThatThrownBy(() -> new Roster(keys)).isInstanceOf(InvalidInputException.class);

    keys.put("a", TestKeys.own(sites, "site 0").publicKey());
    assertThatThrownBy(() -> new Roster(keys))
        .isInstanceOf(InvalidInputException.class)
        .hasMessage("roster: expected at least 2 sites, so that a sum hides its parts, found 1");

    keys.put("b", TestKeys.own(sites, "site 0").publicKey());
    assertThatThrownBy(() -> new Roster(keys))
        .isInstanceOf(InvalidInputException.class)
        .hasMessage("roster: expected a key of its own for each site, found one for a and b");
  }

  @Test
  void masker_rosterWithoutTheSite_isRefused() {
    assertThatThrownBy(() -> new Masker("site 7", TestKeys.of(7), roster, "run", 1))
        .isInstanceOf(InvalidInputException.class)
        .hasMessage("roster: expected this site, site 7, found [site 0, site 1, site 2]");
  }

  @Test
  void masker_rosterWithAnotherKeyForTheSite_isRefused() {
    assertThatThrownBy(() -> new Masker("site 0", TestKeys.of(7), roster, "run", 1))
        .isInstanceOf(InvalidInputException.class)
        .hasMessageStartingWith("roster: expected the key " + TestKeys.of(7).publicKey())
        .hasMessageEndingWith(
            "of this site, site 0, found " + TestKeys.own(sites, "site 0").publicKey());
  }

  static Masker masker(SortedMap<String, MaskingKeys> sites, String site, long exchange) {
    MaskingKeys own = TestKeys.own(sites, site);
    return new Masker(site, own, TestKeys.roster(sites), "run", exchange);
  }

  private static long[] first(Masker masker) {
    long[] values = new long[100];
    masker.mask(values, 0, values.length);
    return values;
  }

  /** Small values, ones close to the limit of either sign, and zeros. */
  private static double[] vector(int length, double limit, Random random) {
    double large = Math.nextDown(limit) * (1 - 0x1p-40);
    double[] vector = new double[length];
    for (int i = 0; i < length; i++) {
      vector[i] =
          switch (random.nextInt(4)) {
            case 0 -> random.nextBoolean() ? large : -large;
            case 1 -> (2 * random.nextDouble() - 1) * large;
            case 2 -> 0;
            default -> Math.min(limit / 8, 1) * random.nextGaussian();
          };
    }
    return vector;
  }

  private static void maskInBlocks(Masker masker, long[] values, Random random) {
    int largest = 1 + random.nextInt(9000);
    int done = 0;
    while (done < values.length) {
      int block = Math.min(values.length - done, random.nextInt(largest + 1));
      masker.mask(values, done, block);
      done += block;
    }
  }

  private static void add(long[] sum, long[] values) {
    for (int i = 0; i < sum.length; i++) {
      sum[i] += values[i];
    }
  }
}
