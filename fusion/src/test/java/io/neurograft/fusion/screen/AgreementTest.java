package io.neurograft.fusion.screen;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.function.IntUnaryOperator;
import org.junit.jupiter.api.Test;

class AgreementTest {
  private static final List<Long> ALL = Collections.nCopies(10, 50L);
  private static final List<Long> TWO = List.of(0L, 90L, 0L, 0L, 0L, 60L, 0L, 0L, 0L, 2L);

  /** Ten examples of each of ten classes, each taken for one class. */
  private static long[][] saying(IntUnaryOperator prediction) {
    long[][] counts = new long[10][10];
    for (int c = 0; c < 10; c++) {
      counts[c][prediction.applyAsInt(c)] = 10;
    }
    return counts;
  }

  private static double of(IntUnaryOperator prediction, List<Long> classCounts) {
    return Agreement.of(saying(prediction), classCounts).orElseThrow();
  }

  @Test
  void of_rightOnTheClassesThatTheSiteHolds_isOne() {
    assertThat(of(c -> c, ALL)).isEqualTo(1, within(1e-12));
    assertThat(of(c -> c <= 3 ? 1 : 5, TWO)).as("others do not count").isEqualTo(1, within(1e-12));
  }

  @Test
  void of_alwaysTheSame_isChanceWhateverTheSiteHolds() {
    assertThat(of(c -> 1, ALL)).isEqualTo(0, within(1e-12));
    assertThat(of(c -> 1, TWO)).as("half of its examples are right").isEqualTo(0, within(1e-12));
    assertThat(of(c -> 7, TWO)).isEqualTo(0, within(1e-12));
  }

  @Test
  void of_labelsExchanged_isBelowChance() {
    assertThat(of(c -> 9 - c, ALL)).isLessThan(0);
    assertThat(of(c -> c == 1 ? 5 : 1, TWO)).isLessThan(-0.9);
  }

  @Test
  void of_oneClassHeld_isRightOrChance() {
    List<Long> one = List.of(0L, 80L, 0L, 0L, 0L, 0L, 0L, 0L, 0L, 0L);
    assertThat(of(c -> 1, one)).isEqualTo(1, within(1e-12));
    assertThat(of(c -> 3, one)).isLessThan(0);
  }

  @Test
  void of_noExampleOfAClassThatTheSiteHolds_isUnknown() {
    long[][] counts = saying(c -> c);
    Arrays.fill(counts[1], 0);
    Arrays.fill(counts[5], 0);
    assertThat(Agreement.of(counts, TWO)).isEmpty();
    assertThat(Agreement.of(counts, List.of())).isEmpty();
  }
}
