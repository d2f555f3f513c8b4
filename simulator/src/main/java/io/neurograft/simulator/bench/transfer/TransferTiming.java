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
    OptionalDouble ofMemory,
    OptionalDouble ofFiles,
    OptionalLong serverHeapMebibytes,
    OptionalLong serverMemoryMebibytes) {
  public TransferTiming {
    seconds = List.copyOf(seconds);
  }

  /** The median of the repetitions, in seconds. */
  public double median() {
    List<Double> sorted = seconds.stream().sorted().toList();
    int half = sorted.size() / 2;
    return sorted.size() % 2 == 1
        ? sorted.get(half)
        : (sorted.get(half - 1) + sorted.get(half)) / 2;
  }

  /** The rate of the median, in bytes a second. */
  public double rate() {
    return bytes / median();
  }
}
