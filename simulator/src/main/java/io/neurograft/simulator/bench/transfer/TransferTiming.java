package io.neurograft.simulator.bench.transfer;

import java.util.List;
import java.util.OptionalDouble;
import java.util.OptionalLong;

/**
 * How long a case took.
 *
 * @param name the case's
 * @param streams how many transfers ran at once
 * @param bytes what all of them moved together, each time
 * @param seconds of every repetition, in order
 * @param cpuSeconds processor time of every repetition, of all processes of the benchmark, without
 *     the kernel's own threads
 * @param ofMemory its rate as a part of the rate of the TCP copy from memory to memory
 * @param ofFiles its rate as a part of the rate of the TCP copy from file to file
 * @param serverHeapMebibytes the most of its heap that the coordinator had in use meanwhile, in
 *     MiB, where it collected garbage at all
 * @param serverMemoryMebibytes the most resident memory that the coordinator had meanwhile, in MiB
 */
public record TransferTiming(
    String name,
    int streams,
    long bytes,
    List<Double> seconds,
    List<Double> cpuSeconds,
    OptionalDouble ofMemory,
    OptionalDouble ofFiles,
    OptionalLong serverHeapMebibytes,
    OptionalLong serverMemoryMebibytes) {
  public TransferTiming {
    seconds = List.copyOf(seconds);
    cpuSeconds = List.copyOf(cpuSeconds);
  }

  /** The median of the repetitions, in seconds. */
  public double median() {
    return median(seconds);
  }

  /** The median processor time for a gigabyte, in seconds. */
  public double cpuPerGigabyte() {
    return median(cpuSeconds) / bytes * 1e9;
  }

  /** The rate of the median, in bytes a second. */
  public double rate() {
    return bytes / median();
  }

  private static double median(List<Double> values) {
    List<Double> sorted = values.stream().sorted().toList();
    int half = sorted.size() / 2;
    return sorted.size() % 2 == 1
        ? sorted.get(half)
        : (sorted.get(half - 1) + sorted.get(half)) / 2;
  }
}
