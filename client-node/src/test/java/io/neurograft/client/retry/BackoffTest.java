package io.neurograft.client.retry;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

class BackoffTest {
  private static final Duration FIRST = Duration.ofMillis(500);
  private static final Duration MOST = Duration.ofSeconds(30);

  @Property(tries = 50)
  void next_anySeed_staysBetweenHalfAndAllOfTheDoublingLimit(@ForAll long seed) {
    Backoff backoff = new Backoff(FIRST, MOST, new Random(seed));
    for (int failure = 0; failure < 100; failure++) {
      double longest = Math.min(500 * Math.pow(2, Math.min(failure, 40)), 30_000);
      assertThat((double) backoff.next().toMillis()).isBetween(longest / 2 - 1, longest);
    }
  }

  @Test
  void reset_afterFailures_startsAnew() {
    Backoff backoff = new Backoff(FIRST, MOST, new Random(1));
    for (int failure = 0; failure < 10; failure++) {
      backoff.next();
    }
    backoff.reset();

    assertThat(backoff.failures()).isZero();
    assertThat(backoff.next()).isLessThanOrEqualTo(FIRST);
  }
}
