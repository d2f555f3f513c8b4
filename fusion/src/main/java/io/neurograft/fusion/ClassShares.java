package io.neurograft.fusion;

import io.neurograft.neural.attribution.Scores;
import io.neurograft.neural.config.Fault;
import io.neurograft.neural.config.InvalidInputException;
import java.util.ArrayList;
import java.util.List;

/**
 * Members' shares of the classes in place of their head scores, so that a mean of logits weighs
 * each member by what it has seen of the class (NI section 3).
 */
final class ClassShares {
  private ClassShares() {}

  /**
   * The members' scores, with shares as those of the classes: they sum to 1 over the members; a
   * class that nobody has seen is shared equally.
   *
   * @throws InvalidInputException naming the members whose counts are unknown or do not fit
   */
  static List<Scores> of(List<Member> members) {
    int classes = members.get(0).network().classes();
    List<Fault> faults = new ArrayList<>();
    for (Member member : members) {
      int counts = member.classCounts().size();
      if (counts != classes || member.classCounts().stream().anyMatch(count -> count < 0)) {
        faults.add(
            new Fault(
                "member " + member.name(),
                "head share needs its examples of each class: expected "
                    + classes
                    + " counts, "
                    + (counts == 0 ? "none are known" : "found " + member.classCounts())));
      }
    }
    if (!faults.isEmpty()) {
      throw new InvalidInputException("head", faults);
    }
    return members.stream().map(member -> shared(member, members, classes)).toList();
  }

  private static Scores shared(Member member, List<Member> members, int classes) {
    List<Float> shares = new ArrayList<>();
    for (int c = 0; c < classes; c++) {
      int at = c;
      long all = members.stream().mapToLong(m -> m.classCounts().get(at)).sum();
      shares.add(
          all == 0 ? 1f / members.size() : (float) ((double) member.classCounts().get(c) / all));
    }
    List<List<Float>> groups = new ArrayList<>(member.scores().groups());
    groups.set(groups.size() - 1, shares);
    return new Scores(groups);
  }
}
