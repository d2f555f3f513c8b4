package io.neurograft.coordinator.rpc;

import com.google.protobuf.Timestamp;
import io.neurograft.neural.config.InvalidInputException;
import io.neurograft.proto.v1.Site;
import java.time.Instant;
import java.util.List;
import java.util.Locale;

/**
 * A site as an operator sees it.
 *
 * @param classCounts how many training examples of each class it says it holds
 */
public record SiteSummary(
    String site,
    boolean attached,
    Instant lastSeen,
    List<Long> classCounts,
    String softwareVersion) {
  private static final long SECONDS_OF_YEAR = 31_556_952;
  private static final long MOST_YEARS = 10_000;
  private static final int NANOS_OF_SECOND = 1_000_000_000;

  static SiteSummary of(Site site) {
    return new SiteSummary(
        site.getName(),
        site.getAttached(),
        instant(site.getLastSeen()),
        List.copyOf(site.getClassCountsList()),
        site.getSoftwareVersion());
  }

  /**
   * A coordinator's time.
   *
   * @throws InvalidInputException if it is none
   */
  static Instant instant(Timestamp time) {
    boolean possible =
        Math.abs(time.getSeconds() / SECONDS_OF_YEAR) < MOST_YEARS
            && time.getNanos() >= 0
            && time.getNanos() < NANOS_OF_SECOND;
    if (!possible) {
      throw new InvalidInputException(
          "the coordinator's answer",
          "expected a time, found second " + time.getSeconds() + " and " + time.getNanos() + " ns");
    }
    return Instant.ofEpochSecond(time.getSeconds(), time.getNanos());
  }

  static String word(String constant, String prefix) {
    return constant.replace(prefix, "").toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
