package io.neurograft.neural.attribution;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.neurograft.neural.config.InvalidInputException;
import io.neurograft.neural.network.NetworkSpec;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ScoresTest {
  private static final NetworkSpec SPEC =
      NetworkSpec.parse(
          "{family: mlp, widths: [3], classes: 2, input: {shape: [1, 2, 2]}}", "test");
  private static final Scores SCORES =
      new Scores(List.of(List.of(1f, 5f, 2f), List.of(1e-8f, 3e6f)));

  @TempDir Path folder;

  @Test
  void normalised_everyGroup_sumsToOneInTheSameProportions() {
    Scores normalised = SCORES.normalised();
    assertThat(normalised.group(0))
        .containsExactly(new double[] {0.125, 0.625, 0.25}, within(1e-7));
    assertThat(Arrays.stream(normalised.group(1)).sum()).isCloseTo(1, within(1e-6));
    assertThat(normalised.group(1)[0]).isPositive();
  }

  @Test
  void normalised_membersOfOtherScale_becomeEqual() {
    Scores scaled = new Scores(List.of(List.of(10f, 50f, 20f), List.of(1e-7f, 3e7f)));
    assertThat(scaled.normalised().group(0))
        .containsExactly(SCORES.normalised().group(0), within(1e-7));
  }

  @Test
  void read_whatWasWritten_isTheSame() {
    Path file = folder.resolve("s.safetensors");
    SCORES.write(file);
    assertThat(Scores.read(file, SPEC)).isEqualTo(SCORES);
  }

  @Test
  void read_ofAnotherNetwork_namesTheGroup() {
    Path file = folder.resolve("s.safetensors");
    SCORES.write(file);
    NetworkSpec wide =
        NetworkSpec.parse(
            "{family: mlp, widths: [4], classes: 2, input: {shape: [1, 2, 2]}}", "test");
    assertThatThrownBy(() -> Scores.read(file, wide))
        .isInstanceOf(InvalidInputException.class)
        .hasMessageContaining("tensor group_0: expected 4 scores, found [3]");
  }
}
