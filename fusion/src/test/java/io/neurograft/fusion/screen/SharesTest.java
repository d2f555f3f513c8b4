package io.neurograft.fusion.screen;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.LongRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

final class SharesTest {
  /** What one of them claims beyond the limit changes nothing, so it is never nearly the whole. */
  @Property
  void most_oneClaimsAnything_countsNoMoreThanItsShare(
      @ForAll @Size(min = 2, max = 20) List<@LongRange(min = 1, max = 1000) Long> honest,
      @ForAll @LongRange(min = 1_000_000, max = 1L << 40) long claim,
      @ForAll @DoubleRange(min = 1, max = 10) double limit) {
    List<Long> all = new ArrayList<>(honest);
    all.add(claim);
    long most = Shares.most(all, limit);
    all.set(honest.size(), claim / 2);
    assertThat(Shares.most(all, limit)).isEqualTo(most);
    long largest = honest.stream().mapToLong(Long::longValue).max().orElseThrow();
    assertThat(most).isBetween(1L, (long) (limit * largest));
  }

  @Property
  void most_ofLikeSites_takesNothingFromThem(
      @ForAll @Size(min = 3, max = 20) List<@LongRange(min = 100, max = 390) Long> examples) {
    assertThat(Shares.most(examples, 4)).isGreaterThanOrEqualTo(390);
  }

  @Test
  void most_fewerThanThree_areNotCompared() {
    assertThat(Shares.most(List.of(1L, 1L << 40), 4)).isEqualTo(Long.MAX_VALUE);
    assertThat(Shares.most(List.of(), 4)).isEqualTo(Long.MAX_VALUE);
    assertThat(Shares.most(List.of(0L, 0L, 0L), 4)).isEqualTo(1);
    assertThat(Shares.most(List.of(10L, 40L, 90L, 1000L), 4)).isEqualTo(4 * 60);
  }
}
