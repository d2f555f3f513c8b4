package io.neurograft.coordinator.conduct;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.neurograft.neural.config.InvalidInputException;
import io.neurograft.neural.network.NetworkSpec;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What a site may say of weights that it has encoded. */
final class IntakeTest {
  private static final NetworkSpec NETWORK =
      NetworkSpec.parse(
          "{family: mlp, widths: [4], classes: 10, input: {shape: [1, 28, 28]}}", "test");

  /** Bytes of its numbers in single precision. */
  private static final long NUMBERS = 4 * (784 * 4 + 4 + 4 * 10 + 10);

  @Test
  void checkOriginal_sizeThatTheNetworkCannotHave_isRefused() {
    long sent = 5000;
    for (long told : new long[] {1, NUMBERS - 1, NUMBERS + sent + 1, Long.MAX_VALUE}) {
      assertThatThrownBy(() -> Intake.checkOriginal(Optional.of("a"), told, sent, NETWORK))
          .isInstanceOf(InvalidInputException.class)
          .hasMessageContaining("weights a: expected to be encoded from 12760 to 17760 bytes");
    }
    for (long told : new long[] {NUMBERS, NUMBERS + 900, NUMBERS + sent}) {
      assertThatCode(() -> Intake.checkOriginal(Optional.of("a"), told, sent, NETWORK))
          .doesNotThrowAnyException();
    }
  }
}
