package io.neurograft.simulator.bench;

import java.util.Map;
import java.util.OptionalDouble;
import java.util.OptionalLong;

/**
 * How long a fusion took.
 *
 * @param network the network's name
 * @param seconds of the fusion by the clock
 * @param phases seconds of each of its phases
 * @param peakMebibytes the most memory of the process meanwhile; empty where the system does not
 *     tell
 * @param floorSeconds the time of the matrix products that interpolation cannot do without, at the
 *     product rate of the same run; empty for methods that multiply nothing
 */
public record FusionTiming(
    String network,
    int members,
    int images,
    String method,
    double seconds,
    Map<String, Double> phases,
    OptionalLong peakMebibytes,
    OptionalDouble floorSeconds) {

  /** How many times its floor the fusion took. */
  public OptionalDouble ratio() {
    return floorSeconds.isPresent()
        ? OptionalDouble.of(seconds / floorSeconds.getAsDouble())
        : OptionalDouble.empty();
  }
}
