package io.neurograft.neural.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Random;
import java.util.stream.DoubleStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class GammaTest {
  @ParameterizedTest
  @ValueSource(doubles = {0.3, 1, 4.5})
  void logSample_meanAndVarianceAreTheShape(double shape) {
    Random random = new Random(1);
    double[] samples =
        DoubleStream.generate(() -> Math.exp(Gamma.logSample(shape, random)))
            .limit(100_000)
            .toArray();
    double mean = DoubleStream.of(samples).average().orElse(0);
    double variance =
        DoubleStream.of(samples).map(x -> (x - mean) * (x - mean)).average().orElse(0);
    assertThat(mean).isCloseTo(shape, within(0.03 * shape));
    assertThat(variance).isCloseTo(shape, within(0.05 * shape));
  }

  @ParameterizedTest
  @ValueSource(doubles = {1e-6, 1e-3})
  void logSample_tinyShape_staysFinite(double shape) {
    Random random = new Random(1);
    assertThat(DoubleStream.generate(() -> Gamma.logSample(shape, random)).limit(10_000))
        .allMatch(Double::isFinite);
  }
}
