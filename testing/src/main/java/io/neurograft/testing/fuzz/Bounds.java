package io.neurograft.testing.fuzz;

import java.time.Duration;

/**
 * What reading one input may take.
 *
 * @param time of the processor, so that a busy machine does not count
 * @param bytes that are allocated whatever the input
 * @param bytesPerByte that are allocated more for each byte of the input
 */
public record Bounds(Duration time, long bytes, long bytesPerByte) {
  private static final Duration TIME = Duration.ofSeconds(2);

  /** Bounds of memory, and two seconds. */
  public static Bounds of(long bytes, long bytesPerByte) {
    return new Bounds(TIME, bytes, bytesPerByte);
  }

  /** What may be allocated for an input of some bytes. */
  long allocation(int length) {
    return bytes + bytesPerByte * length;
  }
}
