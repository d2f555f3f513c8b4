package io.neurograft.client.guard;

import static io.neurograft.client.guard.GaussianMechanism.composed;
import static io.neurograft.client.guard.GaussianMechanism.delta;
import static io.neurograft.client.guard.GaussianMechanism.epsilon;
import static io.neurograft.client.guard.GaussianMechanism.mills;
import static io.neurograft.client.guard.GaussianMechanism.mu;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.assertj.core.api.Assertions.withinPercentage;

import java.util.stream.DoubleStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.Scale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The numbers to compare with were computed by mpmath with 40 digits. */
class GaussianMechanismTest {
  @ParameterizedTest
  @CsvSource({
    "0, 1.2533141373155003",
    "0.3, 1.0018374009921557",
    "1, 0.65567954241879847",
    "5, 0.19280810471531576",
    "9, 0.10978728257830829",
    "30, 0.033296419072497213",
    "1000, 0.00099999900000299999"
  })
  void mills_anyArgument_hasFifteenDigits(double x, double expected) {
    assertThat(mills(x)).isCloseTo(expected, withinPercentage(1e-13));
  }

  @ParameterizedTest
  @CsvSource({
    "0, 1, 0.38292492254802621",
    "1, 1, 0.12693673750664395",
    "1, 0.25, 2.9242721048564073e-6",
    "0.1, 3, 0.85958637921502285",
    "50, 2, 1.0662620244749715e-128",
    "700, 20, 1.3566621277524971e-138",
    "2000, 60, 0.00040471462611543956",
    "0.5, 0.02, 3.129776772980134e-141",
    "5, 40, 1"
  })
  void delta_anywhere_isTheoremEight(double epsilon, double mu, double expected) {
    assertThat(delta(epsilon, mu)).isCloseTo(expected, withinPercentage(1e-9));
  }

  @ParameterizedTest
  @CsvSource({
    "0.1, 1e-5, 0.03252078405620391",
    "1, 1e-5, 0.26805112321129422",
    "1, 1e-6, 0.23670438066343571",
    "8, 1e-5, 1.6660305978457182",
    "0.001, 1e-9, 0.00024256362200844686",
    "100, 1e-6, 10.221058605068753"
  })
  void mu_anyBudget_isTheLargestThatKeepsIt(double epsilon, double delta, double expected) {
    double mu = mu(epsilon, delta);

    assertThat(mu).isCloseTo(expected, withinPercentage(1e-8));
    assertThat(delta(epsilon, mu)).isLessThanOrEqualTo(delta);
    assertThat(delta(epsilon, mu * (1 + 1e-6))).isGreaterThan(delta);
  }

  @Property(tries = 200)
  void epsilon_ofTheLargestMu_isTheOneThatWasGiven(
      @ForAll @Scale(6) @DoubleRange(min = 0.001, max = 1000) double epsilon,
      @ForAll @Scale(6) @DoubleRange(min = -12, max = -0.4) double logDelta) {
    double delta = Math.pow(10, logDelta);

    assertThat(epsilon(mu(epsilon, delta), delta)).isCloseTo(epsilon, within(1e-7 * (1 + epsilon)));
  }

  @Property(tries = 200)
  void delta_moreMuOrLessEpsilon_isNoSmaller(
      @ForAll @Scale(6) @DoubleRange(min = 0, max = 100) double epsilon,
      @ForAll @Scale(6) @DoubleRange(min = 0.001, max = 50) double mu,
      @ForAll @Scale(6) @DoubleRange(min = 1.001, max = 3) double times) {
    double delta = delta(epsilon, mu);

    assertThat(delta).isBetween(0.0, 1.0);
    assertThat(delta(epsilon, mu * times)).isGreaterThanOrEqualTo(delta);
    assertThat(delta(epsilon * times, mu)).isLessThanOrEqualTo(delta);
  }

  @Property(tries = 200)
  void mu_upToEpsilonOne_isAboveTheClassicBound(
      @ForAll @Scale(6) @DoubleRange(min = 0.001, max = 1) double epsilon,
      @ForAll @Scale(6) @DoubleRange(min = -12, max = -2) double logDelta) {
    double delta = Math.pow(10, logDelta);

    assertThat(mu(epsilon, delta)).isGreaterThan(epsilon / Math.sqrt(2 * Math.log(1.25 / delta)));
  }

  @Test
  void epsilon_nothingTold_isZero() {
    assertThat(epsilon(0, 1e-5)).isZero();
    assertThat(delta(0, 0)).isZero();
  }

  @Test
  void epsilon_exactAnswer_isInfinite() {
    assertThat(epsilon(Double.POSITIVE_INFINITY, 1e-5)).isInfinite();
    assertThat(delta(1000, Double.POSITIVE_INFINITY)).isEqualTo(1);
  }

  @Test
  void composed_equalShares_areTheWhole() {
    double whole = mu(2, 1e-6);

    double together = composed(DoubleStream.generate(() -> whole / Math.sqrt(37)).limit(37));

    assertThat(epsilon(together, 1e-6)).isCloseTo(2, within(1e-9));
  }
}
