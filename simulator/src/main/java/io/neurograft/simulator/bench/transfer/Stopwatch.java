package io.neurograft.simulator.bench.transfer;

import io.neurograft.simulator.process.CoordinatorProcess;
import java.io.IOException;
import java.time.Duration;
import java.util.List;

/**
 * Times steps: by the clock, and by the processor time of this process and the coordinators.
 *
 * @param coordinators their processor time counts, too
 */
record Stopwatch(List<CoordinatorProcess> coordinators) {
  /** What is timed. */
  interface Step {
    void run() throws IOException, InterruptedException;
  }

  /**
   * How long a step took.
   *
   * @param seconds by the clock
   * @param cpuSeconds of the processors
   */
  record Lap(double seconds, double cpuSeconds) {}

  Lap time(Step step) throws IOException, InterruptedException {
    Duration before = cpuTime();
    long start = System.nanoTime();
    step.run();
    double seconds = (System.nanoTime() - start) / 1e9;
    return new Lap(seconds, cpuTime().minus(before).toNanos() / 1e9);
  }

  private Duration cpuTime() {
    Duration own = ProcessHandle.current().info().totalCpuDuration().orElse(Duration.ZERO);
    return coordinators.stream().map(CoordinatorProcess::cpuTime).reduce(own, Duration::plus);
  }
}
