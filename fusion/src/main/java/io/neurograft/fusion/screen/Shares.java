package io.neurograft.fusion.screen;

import java.util.Collection;

/**
 * How much a site counts in a mean over sites. It counts by its examples, and says itself how many
 * it has: whoever says that it has most of all would be the mean.
 */
public final class Shares {
  private Shares() {}

  /**
   * The most examples that count of one site.
   *
   * @param examples how many each site says that it has; each at least 0
   * @param limit how many times as many as the median may count; at least 1
   * @return at least 1; Long.MAX_VALUE where there are fewer than three sites
   */
  public static long most(Collection<Long> examples, double limit) {
    return Median.of(examples)
        .filter(median -> examples.size() >= Median.MAJORITY)
        .map(median -> Math.max(1, (long) (limit * median)))
        .orElse(Long.MAX_VALUE);
  }
}
