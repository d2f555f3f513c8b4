package io.neurograft.neural.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

class DatasetTest {
  private final Dataset images =
      new ImageData(
          List.of(1, 1, 2),
          List.of("cat", "dog"),
          new byte[][] {{0, 1}, {2, 3}, {4, (byte) 255}},
          new int[] {0, 1, 0});

  @Test
  void subset_keepsOrderAndRepeats() {
    for (Dataset subset : List.of(images.subset(new int[] {2, 0, 2}), subsetOfSubset())) {
      assertThat(subset.size()).isEqualTo(3);
      assertThat(subset.labels()).containsExactly(0, 0, 0);
      assertThat(subset.classCounts()).containsExactly(3, 0);
      assertThat(subset.classNames()).containsExactly("cat", "dog");
      float[] values = new float[3];
      subset.read(0, values, 1);
      assertThat(values).containsExactly(0f, 4 / 255f, 1f);
    }
  }

  @Test
  void subset_outside_isRefusedAtOnce() {
    assertThatThrownBy(() -> images.subset(new int[] {3}))
        .isInstanceOf(IndexOutOfBoundsException.class);
    assertThatThrownBy(() -> Subset.of(images, new int[] {-1}))
        .isInstanceOf(IndexOutOfBoundsException.class);
  }

  @Test
  void union_hasTheExamplesOfAllInOrder() {
    Dataset union =
        Dataset.union(List.of(images.subset(new int[] {2}), images, images.subset(new int[0])));
    assertThat(union.labels()).containsExactly(0, 0, 1, 0);
    assertThat(union.classCounts()).containsExactly(3, 1);
    assertThat(union.shape()).isEqualTo(images.shape());
    float[] values = new float[4];
    union.read(0, values, 0);
    union.read(2, values, 2);
    assertThat(values).containsExactly(4 / 255f, 1f, 2 / 255f, 3 / 255f);
    assertThatThrownBy(() -> union.label(4)).isInstanceOf(IndexOutOfBoundsException.class);
  }

  @Test
  void union_ofOtherShapesOrOfNothing_isRefused() {
    Dataset wide =
        new ImageData(
            List.of(1, 1, 3), List.of("cat", "dog"), new byte[][] {{0, 1, 2}}, new int[1]);
    assertThatThrownBy(() -> Dataset.union(List.of(images, wide)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("[1, 1, 2]")
        .hasMessageContaining("[1, 1, 3]");
    assertThatThrownBy(() -> Dataset.union(List.of())).isInstanceOf(IllegalArgumentException.class);
  }

  private Dataset subsetOfSubset() {
    return Subset.of(Subset.of(images, new int[] {0, 2}), new int[] {1, 0, 1});
  }
}
