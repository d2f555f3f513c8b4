package io.neurograft.coordinator.rpc;

import com.google.protobuf.Timestamp;
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

  static SiteSummary of(Site site) {
    return new SiteSummary(
        site.getName(),
        site.getAttached(),
        instant(site.getLastSeen()),
        List.copyOf(site.getClassCountsList()),
        site.getSoftwareVersion());
  }

  static Instant instant(Timestamp time) {
    return Instant.ofEpochSecond(time.getSeconds(), time.getNanos());
  }

  static String word(String constant, String prefix) {
    return constant.replace(prefix, "").toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
