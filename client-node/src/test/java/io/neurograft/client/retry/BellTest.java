package io.neurograft.client.retry;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class BellTest {
  @Test
  void ring_whileSomebodyWaits_endsTheWait() throws Exception {
    Bell bell = new Bell();
    CountDownLatch woken = new CountDownLatch(1);
    Thread waiter =
        new Thread(
            () -> {
              try {
                bell.await(Duration.ofDays(1));
                woken.countDown();
              } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
              }
            });
    waiter.start();
    while (woken.getCount() > 0) {
      bell.ring(); // however late it begins to wait
      Thread.sleep(1);
    }
    waiter.join();
  }

  @Test
  void await_nobodyRings_endsInTime() throws Exception {
    Bell bell = new Bell();
    bell.ring();
    bell.await(Duration.ofMillis(5));
  }
}
