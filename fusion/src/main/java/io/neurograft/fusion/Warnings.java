package io.neurograft.fusion;

import io.neurograft.fusion.transplant.Duplicates;
import io.neurograft.fusion.transplant.NearDuplicate;
import java.util.List;
import java.util.Locale;

/** What a report warns of, in a person's words. */
final class Warnings {
  private Warnings() {}

  /** Names each pair of near-duplicates and what became of it. */
  static List<String> of(List<NearDuplicate> pairs, List<Member> members, Duplicates duplicates) {
    return pairs.stream()
        .map(
            pair ->
                String.format(
                    Locale.ROOT,
                    "members %s and %s are nearly the same network: in every group their units match to a mean cosine"
                        + " of %.2f; %s",
                    members.get(pair.first()).name(),
                    members.get(pair.second()).name(),
                    pair.cosine(),
                    duplicates == Duplicates.MERGE
                        ? "units that agree stand for both where there are places to spare"
                        : "both take places for the same units, which costs accuracy"))
        .toList();
  }
}
