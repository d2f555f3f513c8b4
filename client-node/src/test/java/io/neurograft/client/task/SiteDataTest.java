package io.neurograft.client.task;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.neurograft.client.config.DataConfig;
import io.neurograft.client.config.DataConfig.Partition;
import io.neurograft.neural.config.InvalidInputException;
import io.neurograft.neural.data.Dataset;
import io.neurograft.neural.data.Partitioner.Iid;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class SiteDataTest {
  @Test
  void open_holdBack_takesItsShareOfEveryClassAndSharesNothing() {
    SiteData data = SiteData.open(new DataConfig("glyphs?train=500", 0.2, Optional.empty()));

    assertThat(data.training().size() + data.heldBack().size()).isEqualTo(500);
    long[] training = data.training().classCounts();
    long[] held = data.heldBack().classCounts();
    for (int c = 0; c < training.length; c++) {
      assertThat((double) held[c]).isCloseTo(0.2 * (training[c] + held[c]), within(0.5));
    }
    Set<List<Float>> seen = examples(data.training());
    seen.retainAll(examples(data.heldBack()));
    assertThat(seen).isEmpty();
  }

  @Test
  void open_again_holdsBackTheSameExamples() {
    DataConfig config =
        new DataConfig("glyphs?train=300", 0.1, Optional.of(new Partition(new Iid(7), 3, 1)));

    SiteData first = SiteData.open(config);
    SiteData second = SiteData.open(config);

    assertThat(first.training().size() + first.heldBack().size()).isEqualTo(100);
    assertThat(examples(second.heldBack())).isEqualTo(examples(first.heldBack()));
  }

  @Test
  void open_partitions_shareNoExample() {
    Set<List<Float>> all = new HashSet<>();
    int sum = 0;
    for (int index = 0; index < 3; index++) {
      SiteData data =
          SiteData.open(
              new DataConfig(
                  "glyphs?train=300", 0, Optional.of(new Partition(new Iid(7), 3, index))));
      sum += data.training().size();
      all.addAll(examples(data.training()));
    }

    assertThat(sum).isEqualTo(300);
    assertThat(all).hasSize(300);
  }

  @Test
  void open_nothingLeftToTrainOn_saysSo() {
    assertThatThrownBy(() -> SiteData.open(new DataConfig("glyphs?train=1", 0.9, Optional.empty())))
        .isInstanceOf(InvalidInputException.class)
        .hasMessageContaining("no example is left to train on");
  }

  @Test
  void sample_moreThanWanted_isSeededAndDistinct() {
    int[] sample = TrainJob.sample(1000, 50, 3);

    assertThat(sample).hasSize(50).doesNotHaveDuplicates().isSorted();
    assertThat(TrainJob.sample(1000, 50, 3)).isEqualTo(sample);
    assertThat(TrainJob.sample(1000, 50, 4)).isNotEqualTo(sample);
    assertThat(TrainJob.sample(20, 50, 3)).hasSize(20).isSorted();
  }

  private static org.assertj.core.data.Offset<Double> within(double offset) {
    return org.assertj.core.data.Offset.offset(offset);
  }

  private static Set<List<Float>> examples(Dataset data) {
    Set<List<Float>> examples = new HashSet<>();
    for (int i = 0; i < data.size(); i++) {
      float[] values = new float[data.exampleSize()];
      data.read(i, values, 0);
      Float[] boxed = new Float[values.length];
      Arrays.setAll(boxed, j -> values[j]);
      examples.add(List.of(boxed));
    }
    return examples;
  }
}
