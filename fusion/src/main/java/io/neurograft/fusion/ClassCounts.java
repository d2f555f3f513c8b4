package io.neurograft.fusion;

import io.neurograft.neural.config.Fault;
import io.neurograft.neural.config.InvalidInputException;
import io.neurograft.neural.data.Dataset;
import java.util.ArrayList;
import java.util.List;

/** How many examples of each class there are. */
final class ClassCounts {
  private ClassCounts() {}

  /** Of examples that are here. */
  static long[] of(Dataset examples, int classes) {
    long[] counts = new long[classes];
    for (int label : examples.labels()) {
      counts[label]++;
    }
    return counts;
  }

  /** Of examples that members were trained on, all together. */
  static long[] of(List<Member> members, int classes) {
    long[] counts = new long[classes];
    for (Member member : members) {
      for (int c = 0; c < classes; c++) {
        counts[c] += member.classCounts().get(c);
      }
    }
    return counts;
  }

  /**
   * Checks that each member's counts are known.
   *
   * @param place the key that asks for them
   * @param what asks for them
   * @throws InvalidInputException naming the members whose counts are unknown or do not fit
   */
  static void require(List<Member> members, int classes, String place, String what) {
    List<Fault> faults = new ArrayList<>();
    for (Member member : members) {
      int counts = member.classCounts().size();
      if (counts != classes || member.classCounts().stream().anyMatch(count -> count < 0)) {
        faults.add(
            new Fault(
                "member " + member.name(),
                what
                    + " needs its examples of each class: expected "
                    + classes
                    + " counts, "
                    + (counts == 0 ? "none are known" : "found " + member.classCounts())));
      }
    }
    if (!faults.isEmpty()) {
      throw new InvalidInputException(place, faults);
    }
  }
}
