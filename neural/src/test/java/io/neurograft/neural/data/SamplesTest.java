package io.neurograft.neural.data;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class SamplesTest {
  private static final Dataset GLYPHS = DataUri.open("glyphs?train=500&test=10", Split.TRAIN);

  @Test
  void balanced_fewerThanThereAre_takesTheSameNumberOfEachClass() {
    int[] places = Samples.balanced(GLYPHS, 100, 42);

    assertThat(places).hasSize(100).isSorted().doesNotHaveDuplicates();
    assertThat(GLYPHS.subset(places).classCounts()).containsOnly(10);
    assertThat(Samples.balanced(GLYPHS, 100, 42)).containsExactly(places);
    assertThat(Samples.balanced(GLYPHS, 100, 43)).isNotEqualTo(places);
  }

  @Test
  void balanced_aClassRunsOut_theOthersFillUp() {
    int[] labels = GLYPHS.labels();
    int[] uneven =
        java.util.stream.IntStream.range(0, labels.length)
            .filter(i -> labels[i] != 3 || i < 50)
            .toArray();
    Dataset few = GLYPHS.subset(uneven);

    long[] counts = few.subset(Samples.balanced(few, 200, 1)).classCounts();

    assertThat(counts[3]).isEqualTo(few.classCounts()[3]);
    assertThat(java.util.Arrays.stream(counts).sum()).isEqualTo(200);
  }

  @Test
  void balanced_moreThanThereAre_takesAll() {
    assertThat(Samples.balanced(GLYPHS, 10_000, 1)).hasSize(500);
  }
}
