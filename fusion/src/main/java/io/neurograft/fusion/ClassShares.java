package io.neurograft.fusion;

import io.neurograft.neural.attribution.Scores;
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
   * @throws io.neurograft.neural.config.InvalidInputException naming the members whose counts are
   *     unknown or do not fit
   */
  static List<Scores> of(List<Member> members) {
    int classes = members.get(0).network().classes();
    ClassCounts.require(members, classes, "head", "head share");
    return members.stream().map(member -> shared(member, members, classes)).toList();
  }

  private static Scores shared(Member member, List<Member> members, int classes) {
    List<Float> shares = new ArrayList<>();
    long[] all = ClassCounts.of(members, classes);
    for (int c = 0; c < classes; c++) {
      long own = member.classCounts().get(c);
      shares.add(all[c] == 0 ? 1f / members.size() : (float) ((double) own / all[c]));
    }
    List<List<Float>> groups = new ArrayList<>(member.scores().groups());
    groups.set(groups.size() - 1, shares);
    return new Scores(groups);
  }
}
