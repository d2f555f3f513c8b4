package io.neurograft.fusion.transplant;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ApportionmentTest {
  @Test
  void of_equalWeights_differByOneAtMost() {
    assertThat(Apportionment.of(512, new int[] {9, 9, 9}, new int[] {512, 512, 512}))
        .containsExactly(171, 171, 170);
  }

  @Test
  void of_exactProportions_areMet() {
    assertThat(Apportionment.of(12, new int[] {8, 16}, new int[] {8, 16})).containsExactly(4, 8);
  }

  @Test
  void of_oneThatCannotTakeItsPart_leavesItToTheOthers() {
    assertThat(Apportionment.of(12, new int[] {20, 10, 10}, new int[] {4, 10, 10}))
        .containsExactly(4, 4, 4);
  }

  @Test
  void of_anything_sumsToThePlacesAndKeepsToTheCaps() {
    Random random = new Random(1);
    for (int trial = 0; trial < 300; trial++) {
      int[] widths = random.ints(1 + random.nextInt(16), 1, 40).toArray();
      int places = 1 + random.nextInt(Arrays.stream(widths).sum());
      int[] parts = Apportionment.of(places, widths, widths);
      assertThat(Arrays.stream(parts).sum()).isEqualTo(places);
      for (int i = 0; i < parts.length; i++) {
        assertThat(parts[i]).isBetween(0, widths[i]);
      }
    }
  }

  @Test
  void of_morePlacesThanCaps_isRefused() {
    assertThatThrownBy(() -> Apportionment.of(3, new int[] {1, 1}, new int[] {1, 1}))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("at most 2");
  }
}
