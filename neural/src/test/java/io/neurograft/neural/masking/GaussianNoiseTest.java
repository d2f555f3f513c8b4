package io.neurograft.neural.masking;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.neurograft.neural.config.InvalidInputException;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class GaussianNoiseTest {
  private static final String SEED = "0f".repeat(32);

  /** Moments up to the fourth, and the share beyond one and three deviations. */
  @Test
  void next_manyNumbers_areGaussian() {
    int count = 1_000_000;
    double[] z = draw(SEED, 2.5, count);
    Arrays.setAll(z, i -> z[i] / 2.5);
    assertThat(Arrays.stream(z).average().orElseThrow()).isCloseTo(0, within(4e-3));
    assertThat(Arrays.stream(z).map(x -> x * x).average().orElseThrow()).isCloseTo(1, within(6e-3));
    assertThat(Arrays.stream(z).map(x -> x * x * x * x).average().orElseThrow())
        .isCloseTo(3, within(0.05));
    assertThat(beyond(z, 1)).isCloseTo(0.3173, within(2e-3));
    assertThat(beyond(z, 3)).isCloseTo(0.0027, within(2e-4));
    double neighbours = 0;
    for (int i = 1; i < count; i++) {
      neighbours += z[i - 1] * z[i] / count;
    }
    assertThat(neighbours).isCloseTo(0, within(4e-3));
  }

  @Test
  void next_sameSeed_givesTheSameNumbers() {
    assertThat(draw(SEED, 1, 99)).isEqualTo(draw(SEED, 1, 99));
    assertThat(draw("f0".repeat(32), 1, 99)).isNotEqualTo(draw(SEED, 1, 99));
  }

  @Test
  void noise_ofNoSeedOrNoDeviation_isRefused() {
    assertThatThrownBy(() -> new GaussianNoise("00", 1)).isInstanceOf(InvalidInputException.class);
    assertThatThrownBy(() -> new GaussianNoise(SEED, 0)).isInstanceOf(InvalidInputException.class);
  }

  private static double[] draw(String seed, double deviation, int count) {
    GaussianNoise noise = new GaussianNoise(seed, deviation);
    double[] z = new double[count];
    Arrays.setAll(z, i -> noise.next());
    return z;
  }

  private static double beyond(double[] z, double limit) {
    return Arrays.stream(z).filter(x -> Math.abs(x) > limit).count() / (double) z.length;
  }
}
