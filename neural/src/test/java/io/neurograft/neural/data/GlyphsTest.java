package io.neurograft.neural.data;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class GlyphsTest {
  @Test
  void open_byDefault_6000And2000OfTenClasses() {
    Dataset train = DataUri.open("glyphs", Split.TRAIN);
    assertThat(train.size()).isEqualTo(6000);
    assertThat(train.shape()).containsExactly(1, 28, 28);
    assertThat(train.classCounts()).hasSize(10).containsOnly(600);
    assertThat(DataUri.open("glyphs", Split.TEST).size()).isEqualTo(2000);
  }

  @Test
  void open_exampleDependsOnSeedSplitAndIndexAlone() {
    Dataset few = DataUri.open("glyphs?train=20&seed=7", Split.TRAIN);
    Dataset many = DataUri.open("glyphs?train=60&test=20&seed=7", Split.TRAIN);
    for (int i = 0; i < few.size(); i++) {
      assertThat(values(few, i)).isEqualTo(values(many, i));
    }
    Dataset otherSeed = DataUri.open("glyphs?train=20&seed=8", Split.TRAIN);
    Dataset otherSplit = DataUri.open("glyphs?train=20&test=20&seed=7", Split.TEST);
    for (int i = 0; i < few.size(); i++) {
      assertThat(values(few, i)).isNotEqualTo(values(otherSeed, i));
      assertThat(values(few, i)).isNotEqualTo(values(otherSplit, i));
    }
  }

  @Test
  void open_everyDigitLeavesInk_notTooMuch() {
    Dataset glyphs = DataUri.open("glyphs?train=500", Split.TRAIN);
    for (int i = 0; i < glyphs.size(); i++) {
      float[] values = values(glyphs, i);
      long inked = IntStream.range(0, values.length).filter(at -> values[at] > 0.4).count();
      assertThat(inked).as("digit %d, example %d", glyphs.label(i), i).isBetween(15L, 400L);
    }
  }

  private static float[] values(Dataset data, int index) {
    float[] values = new float[data.exampleSize()];
    data.read(index, values, 0);
    return values;
  }
}
