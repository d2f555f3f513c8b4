package io.neurograft.neural.data;

import static org.assertj.core.api.Assertions.assertThat;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
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

  @Test
  void open_sameBytesOnEveryMachine() throws NoSuchAlgorithmException {
    Dataset glyphs = DataUri.open("glyphs?train=200", Split.TRAIN);
    MessageDigest sha256 = MessageDigest.getInstance("SHA-256");
    for (int i = 0; i < glyphs.size(); i++) {
      for (float value : values(glyphs, i)) {
        sha256.update((byte) Math.round(value * 255));
      }
    }
    // Results that were published with glyphs stay comparable only as long as this holds.
    assertThat(HexFormat.of().formatHex(sha256.digest()))
        .isEqualTo("5d7cb8d7c0a9e3ead9658f50dadcd2b0a7c2ea73a5ea1c470a40426718fee1ff");
  }

  private static float[] values(Dataset data, int index) {
    float[] values = new float[data.exampleSize()];
    data.read(index, values, 0);
    return values;
  }
}
