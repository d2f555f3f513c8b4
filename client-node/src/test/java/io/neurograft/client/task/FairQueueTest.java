package io.neurograft.client.task;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.NoSuchElementException;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

final class FairQueueTest {
  @Test
  void take_severalRuns_takeTurnsEachInItsOwnOrder() {
    FairQueue<String> queue = new FairQueue<>();
    for (int task = 1; task <= 3; task++) {
      queue.add("large", "large-" + task);
    }
    queue.add("small", "small-1");
    assertThat(queue.take()).isEqualTo("large-1");
    queue.add("late", "late-1");
    assertThat(IntStream.range(0, 4).mapToObj(i -> queue.take()))
        .containsExactly("small-1", "large-2", "late-1", "large-3");
    assertThatThrownBy(queue::take).isInstanceOf(NoSuchElementException.class);
  }
}
