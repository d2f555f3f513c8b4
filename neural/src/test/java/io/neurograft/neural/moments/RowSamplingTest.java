package io.neurograft.neural.moments;

import static org.assertj.core.api.Assertions.assertThat;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class RowSamplingTest {
  private final RowSampling sampling = new RowSampling(42, RowSampling.PER_COLUMN);

  @Test
  void perExample_fewExamples_takesEverything() {
    assertThat(sampling.perExample(10, 289, 256)).isEqualTo(256);
  }

  @Test
  void perExample_manyExamples_takesAtLeastTheBudgetAndAtLeastOneEach() {
    assertThat(sampling.perExample(400, 289, 256)).isEqualTo(15);
    assertThat(sampling.perExample(1_000_000, 289, 256)).isEqualTo(1);
  }

  @Property(tries = 200)
  void positions_anyExample_distinctAscendingAndRepeatable(
      @ForAll @IntRange(min = 0, max = 20) int level,
      @ForAll @IntRange(min = 0) int example,
      @ForAll @IntRange(min = 1, max = 64) int count) {
    int[] positions = sampling.positions(level, example, count, 64);

    assertThat(positions).hasSize(count).isSorted().doesNotHaveDuplicates();
    assertThat(positions[0]).isNotNegative();
    assertThat(positions[count - 1]).isLessThan(64);
    assertThat(sampling.positions(level, example, count, 64)).containsExactly(positions);
  }

  @Test
  void positions_manyExamples_coverAllPlacesEvenly() {
    int[] seen = new int[16];
    for (int example = 0; example < 8000; example++) {
      for (int position : sampling.positions(3, example, 2, 16)) {
        seen[position]++;
      }
    }
    for (int times : seen) {
      assertThat(times).isBetween(850, 1150); // 1000 each, 31 the standard deviation
    }
  }
}
