package io.neurograft.neural.masking;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.neurograft.neural.config.InvalidInputException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Scale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class FixedPointTest {
  private final FixedPoint standard = new FixedPoint(FixedPoint.DEFAULT_FRACTION_BITS, 3);

  @ParameterizedTest
  @CsvSource({"1, 2", "-1.5, -3", "0.25, 0", "0.75, 2", "-0.25, 0", "-0.75, -2", "-0.0, 0"})
  void encode_oneFractionBit_isTheNearestHalfAndOfTwoTheEvenOne(double value, long steps) {
    assertThat(new FixedPoint(1, 3).encode(value, 0)).isEqualTo(steps);
  }

  @Property(tries = 500)
  void encode_anyValueWithinTheLimit_isTheNearestStepAndCannotWrap(
      @ForAll @IntRange(max = 40) int fractionBits,
      @ForAll @IntRange(min = 1) int summands,
      @ForAll @DoubleRange(min = -1, max = 1) @Scale(12) double share) {
    FixedPoint points = new FixedPoint(fractionBits, summands);
    double value = share * Math.nextDown(points.limit()) * (1 - 0x1p-30);

    BigInteger encoded = BigInteger.valueOf(points.encode(value, 0));

    BigDecimal steps = new BigDecimal(value).multiply(BigDecimal.valueOf(1L << fractionBits));
    assertThat(encoded).isEqualTo(steps.setScale(0, RoundingMode.HALF_EVEN).toBigInteger());
    assertThat(encoded.multiply(BigInteger.valueOf(summands)).bitLength()).isLessThan(64);
  }

  @Property(tries = 200)
  void encode_atTheLimit_refusedOrCannotWrap(
      @ForAll @IntRange(max = 40) int fractionBits, @ForAll @IntRange(min = 1) int summands) {
    FixedPoint points = new FixedPoint(fractionBits, summands);
    double value = Math.nextDown(points.limit());
    try {
      BigInteger encoded = BigInteger.valueOf(points.encode(value, 0));
      assertThat(encoded.multiply(BigInteger.valueOf(summands)).bitLength()).isLessThan(64);
    } catch (InvalidInputException e) {
      // Rounding alone may take the last half step below the limit over it.
      assertThat(points.limit() - value).isLessThan(Math.scalb(1.0, -fractionBits));
    }
    double beyond = Math.nextUp(points.limit()) + Math.scalb(1.0, -fractionBits);
    assertThatThrownBy(() -> points.encode(beyond, 0)).isInstanceOf(InvalidInputException.class);
  }

  @Test
  void encode_tooLarge_namesPlaceSizeLimitAndRemedy() {
    assertThatThrownBy(() -> standard.encode(new double[] {1, -2e11, 3}))
        .isInstanceOf(InvalidInputException.class)
        .hasMessage(
            "value 1: expected a number below 1.83252e+11 in size, so that the sum of 3 fits with"
                + " 24 fraction bits; use fewer fraction bits");
    assertThatThrownBy(() -> new FixedPoint(0, 1).encode(0x1p63, 7))
        .hasMessageContaining("value 7");
    assertThatThrownBy(() -> new FixedPoint(0, 1).encode(-0x1p63, 7))
        .hasMessageContaining("value 7");
    assertThat(new FixedPoint(0, 1).encode(-Math.nextDown(0x1p63), 7))
        .isEqualTo(-(Long.MAX_VALUE - 1023));
  }

  @ParameterizedTest
  @ValueSource(doubles = {Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY})
  void encode_notFinite_isRefused(double value) {
    assertThatThrownBy(() -> standard.encode(value, 12))
        .isInstanceOf(InvalidInputException.class)
        .hasMessage("value 12: expected a finite number, found " + value);
  }

  @Test
  void decode_sumOfEncoded_isTheSumOfTheRoundedValues() {
    long[] third = standard.encode(new double[] {1.0 / 3, -5});
    double step = 0x1p-24;

    double[] sum = standard.decode(new long[] {3 * third[0], 3 * third[1]});

    assertThat(sum).containsExactly(3 * (Math.rint(1.0 / 3 / step) * step), -15);
  }

  @ParameterizedTest
  @CsvSource({"-1, 3", "41, 3", "24, 0"})
  void fixedPoint_outOfRange_isRefused(int fractionBits, int summands) {
    assertThatThrownBy(() -> new FixedPoint(fractionBits, summands))
        .isInstanceOf(InvalidInputException.class)
        .hasMessageStartingWith("fixed point: expected ");
  }
}
