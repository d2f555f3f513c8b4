package io.neurograft.simulator.bench;

import ai.djl.ndarray.NDManager;
import io.neurograft.fusion.Fused;
import io.neurograft.fusion.Fusion;
import io.neurograft.fusion.FusionData;
import io.neurograft.fusion.FusionMethod;
import io.neurograft.fusion.Member;
import io.neurograft.neural.Progress;
import io.neurograft.neural.attribution.Scores;
import io.neurograft.neural.data.Dataset;
import io.neurograft.neural.network.Network;
import io.neurograft.neural.network.Weights;
import io.neurograft.neural.tensor.Compute;
import io.neurograft.simulator.process.PeakMemory;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;

/** Times fusions of seeded random members over random examples. */
public final class FusionBenchmark {
  private static final long SEED = 42;

  private final double rate;
  private final long keptBytes;

  /**
   * Measures the engine's product rate; the engine runs already.
   *
   * @param keptBytes how much a fusion may keep of what networks gave
   */
  public FusionBenchmark(long keptBytes) {
    this.keptBytes = keptBytes;
    try (NDManager scope = Compute.newManager()) {
      this.rate = Floor.rate(scope);
    }
  }

  /** The engine's rate in single precision products, in operations a second. */
  public double rate() {
    return rate;
  }

  /** Fuses once and measures. */
  public FusionTiming run(FusionCase of, Progress progress) {
    try (NDManager scope = Compute.newManager()) {
      Dataset data =
          new Noise(of.network().input().shape(), of.network().classes(), of.images(), SEED);
      List<Member> members = new ArrayList<>();
      for (int i = 0; i < of.members(); i++) {
        Weights weights = Weights.initialise(of.network(), SEED + i, scope);
        Scores scores = Scores.uniform(of.network());
        members.add(new Member("member " + i, of.network(), weights, scores, List.of(), ""));
      }
      PeakMemory peak = PeakMemory.ofThisProcess();
      peak.reset();
      long start = System.nanoTime();
      try (Fused fused =
          new Fusion(System::nanoTime)
              .fuse(
                  of.network(),
                  members,
                  of.method(),
                  FusionData.of(data, SEED, keptBytes),
                  SEED,
                  scope,
                  progress)) {
        double seconds = (System.nanoTime() - start) / 1e9;
        return new FusionTiming(
            of.name(),
            of.members(),
            of.images(),
            of.method().label(),
            seconds,
            fused.report().phases(),
            peak.mebibytes(),
            floor(of, members, fused));
      }
    }
  }

  private OptionalDouble floor(FusionCase of, List<Member> members, Fused fused) {
    if (!(of.method() instanceof FusionMethod.Interpolate)) {
      return OptionalDouble.empty();
    }
    List<Network> networks =
        members.stream().map(m -> new Network(m.network(), m.weights())).toList();
    Network result = new Network(of.network(), fused.weights());
    return OptionalDouble.of(
        Floor.operations(networks, result, of.images(), fused.report().steps()) / rate);
  }
}
