package io.neurograft.fusion.interpolate;

import io.neurograft.neural.moments.Gram;
import io.neurograft.neural.moments.TargetMoments;
import io.neurograft.neural.network.Network;
import java.util.List;
import java.util.function.Function;

/** Examples that lie at several sites: what the fusion gets is the sum of what they answer. */
record SumOfSites(List<ProxyMoments> sites) implements MomentSource {

  @Override
  public Collection begin(Request request) {
    List<Collection> collections = sites.stream().map(site -> site.begin(request)).toList();
    return new Collection() {
      @Override
      public long examples() {
        return collections.stream().mapToLong(Collection::examples).sum();
      }

      @Override
      public List<Gram> grams() {
        List<List<Gram>> all = collections.stream().map(Collection::grams).toList();
        List<Gram> sums = all.get(0);
        for (List<Gram> other : all.subList(1, all.size())) {
          for (int level = 0; level < sums.size(); level++) {
            sums.get(level).add(other.get(level));
          }
        }
        return sums;
      }

      @Override
      public StepMoments step(Network fused, int step, Clusters clusters) {
        return sum(site -> site.step(fused, step, clusters));
      }

      @Override
      public TargetMoments refinement(Network fused, int step, Clusters clusters) {
        List<TargetMoments> answers =
            collections.stream().map(site -> site.refinement(fused, step, clusters)).toList();
        answers.subList(1, answers.size()).forEach(answers.get(0)::add);
        return answers.get(0);
      }

      @Override
      public StepMoments head(Network fused, Clusters classes) {
        return sum(site -> site.head(fused, classes));
      }

      private StepMoments sum(Function<Collection, StepMoments> ask) {
        List<StepMoments> answers = collections.stream().map(ask).toList();
        answers.subList(1, answers.size()).forEach(answers.get(0)::add);
        return answers.get(0);
      }

      @Override
      public void close() {
        collections.forEach(Collection::close);
      }
    };
  }
}
