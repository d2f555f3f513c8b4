package io.neurograft.fusion.transplant;

import ai.djl.ndarray.NDManager;
import io.neurograft.fusion.origin.UnitSources;
import io.neurograft.neural.Progress;
import io.neurograft.neural.attribution.Scores;
import io.neurograft.neural.data.Dataset;
import io.neurograft.neural.network.Network;
import io.neurograft.neural.network.NetworkSpec;
import io.neurograft.neural.network.Weights;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Neuron transplantation (NT section 3; section 2 of the design): the members side by side, every
 * weight between units of different members zero, the outputs scaled by the members' shares; of
 * this the best units of each group are kept. Nothing is rescaled afterwards; fine-tuning is the
 * caller's.
 *
 * @param ranking what makes a unit worth keeping
 * @param variant when members are pruned
 * @param order in what order more than two are fused
 * @param duplicates what happens to near-duplicates
 * @param tuningEpochs of {@link Variant#MERGE_TUNE_PRUNE}; at least 1
 */
public record Transplantation(
    Ranking ranking, Variant variant, Order order, Duplicates duplicates, int tuningEpochs) {

  /**
   * A fused network.
   *
   * @param weights the target's; the caller's to close
   * @param nearDuplicates the members that are almost the same, by pairs
   * @param sources for each group which members' units its units were made of
   */
  public record Result(
      Weights weights, List<NearDuplicate> nearDuplicates, List<UnitSources> sources) {}

  /**
   * Checks that members can lie side by side in a network.
   *
   * @throws io.neurograft.neural.config.InvalidInputException naming each norm that they would have
   *     to share
   */
  public static void requireFit(NetworkSpec target) {
    Concatenation.requireSeparable(target);
  }

  /**
   * Fuses.
   *
   * @param members networks of the target's chain of levels; widths may differ
   * @param scores each member's attribution scores
   * @param examples what a variant that tunes is trained on; not empty for such a one
   * @param seed of the order in which examples are seen
   * @throws IllegalArgumentException if a group of the target has more units than all members
   *     together
   */
  public Result fuse(
      NetworkSpec target,
      List<Network> members,
      List<Scores> scores,
      Optional<Dataset> examples,
      long seed,
      NDManager parent,
      Progress progress) {
    requireFit(target);
    try (NDManager scope = parent.newSubManager()) {
      List<Donor> donors = new ArrayList<>();
      for (int i = 0; i < members.size(); i++) {
        donors.add(Donor.of(i, members.get(i), scores.get(i)));
      }
      List<NearDuplicate> pairs = Diversity.nearDuplicates(members, scope);
      if (duplicates == Duplicates.MERGE) {
        donors = Merging.merge(target, donors, pairs, scope);
      }
      Step step = new Step(ranking, variant, tuningEpochs, examples, seed);
      Donor fused = new Schedule(step, target, order, donors, scope, progress).run();
      return new Result(fused.network().weights().copy(parent), pairs, fused.sources());
    }
  }
}
