package io.neurograft.fusion;

import io.neurograft.fusion.origin.GroupOrigin;
import io.neurograft.fusion.origin.Source;
import io.neurograft.fusion.origin.UnitSources;
import io.neurograft.neural.collection.Clusters;
import io.neurograft.neural.network.NetworkSpec;
import io.neurograft.neural.network.UnitGroup;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;

/** Tells for each group of a fused network where its units come from. */
final class Origins {
  private Origins() {}

  /**
   * By what was noted of each unit.
   *
   * @param sources of every group
   */
  static List<GroupOrigin> of(NetworkSpec target, int members, List<UnitSources> sources) {
    return target.groups().stream()
        .map(group -> GroupOrigin.of(group, members, sources.get(group.index())))
        .toList();
  }

  /** Unit i is the mean of the members' units i. */
  static List<GroupOrigin> inOrder(NetworkSpec target, int members) {
    return target.groups().stream()
        .map(
            group -> {
              int[] order = IntStream.range(0, group.units()).toArray();
              List<int[]> orders = Collections.nCopies(members, order);
              return GroupOrigin.of(group, members, UnitSources.mean(orders));
            })
        .toList();
  }

  /**
   * By the clusters of the members' units.
   *
   * @param members the networks whose units lie side by side in the clusters
   * @param clusters of every group; without the classes', these were fitted to labels
   */
  static List<GroupOrigin> ofClusters(
      NetworkSpec target, List<NetworkSpec> members, List<Clusters> clusters) {
    List<GroupOrigin> origins = new ArrayList<>();
    for (UnitGroup group : target.groups()) {
      origins.add(
          group.index() < clusters.size()
              ? ofCluster(group, members, clusters.get(group.index()))
              : GroupOrigin.labels(group, members.size()));
    }
    return List.copyOf(origins);
  }

  private static GroupOrigin ofCluster(
      UnitGroup group, List<NetworkSpec> members, Clusters clusters) {
    UnitSources.Sum sum = new UnitSources.Sum(clusters.count());
    int at = 0;
    for (int member = 0; member < members.size(); member++) {
      int units = members.get(member).groups().get(group.index()).units();
      for (int unit = 0; unit < units; unit++, at++) {
        if (clusters.clusterOf(at) != Clusters.NONE) {
          sum.add(clusters.clusterOf(at), new Source(member, unit, clusters.share(at)));
        }
      }
    }
    return GroupOrigin.of(group, members.size(), sum.units());
  }
}
