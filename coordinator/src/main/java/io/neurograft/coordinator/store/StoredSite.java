package io.neurograft.coordinator.store;

import io.neurograft.coordinator.run.SiteView;
import java.time.Instant;
import java.util.List;

/**
 * A site that has attached before, with what it said then.
 *
 * @param inputShape the shape of one example
 * @param classCounts its training examples of each class
 * @param heldBack how many examples it evaluates models on
 */
public record StoredSite(
    String name,
    List<Long> inputShape,
    List<Long> classCounts,
    long heldBack,
    String softwareVersion,
    Instant lastSeen) {

  /** Whether it holds as many examples, of each class and held back, and of the same shape. */
  public boolean holdsAs(StoredSite other) {
    return inputShape.equals(other.inputShape)
        && classCounts.equals(other.classCounts)
        && heldBack == other.heldBack;
  }

  /** The same site, heard from at another time. */
  public StoredSite seen(Instant time) {
    return new StoredSite(name, inputShape, classCounts, heldBack, softwareVersion, time);
  }

  /** What a planner sees of it. */
  public SiteView view() {
    return new SiteView(name, inputShape, classCounts);
  }

  /** The number of its training examples. */
  public long examples() {
    return classCounts.stream().mapToLong(Long::longValue).sum();
  }
}
