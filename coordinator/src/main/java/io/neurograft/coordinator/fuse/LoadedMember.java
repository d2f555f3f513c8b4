package io.neurograft.coordinator.fuse;

import ai.djl.ndarray.NDManager;
import io.neurograft.coordinator.run.RunSpec;
import io.neurograft.coordinator.store.StoredTask;
import io.neurograft.coordinator.store.TaskResult;
import io.neurograft.fusion.Member;
import io.neurograft.neural.attribution.Scores;
import io.neurograft.neural.network.Network;
import io.neurograft.neural.network.Weights;

/** A member whose weights are in memory, in the scope of the job that loaded them. */
record LoadedMember(Member member) {
  static LoadedMember load(Workshop workshop, RunSpec spec, StoredTask task, NDManager scope) {
    TaskResult result = task.result().orElseThrow();
    String digest = result.weights().orElseThrow();
    String site = task.key().site();
    Scores scores = Scores.read(workshop.file(result.scores().orElseThrow()), spec.network());
    return new LoadedMember(
        new Member(
            site,
            spec.network(),
            Weights.read(workshop.file(digest), spec.network(), scope),
            spec.scoring().normalised() ? scores.normalised() : scores,
            workshop.classCounts(site),
            digest));
  }

  String name() {
    return member.name();
  }

  Network asNetwork() {
    return new Network(member.network(), member.weights());
  }
}
