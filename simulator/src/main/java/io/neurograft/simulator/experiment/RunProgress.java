package io.neurograft.simulator.experiment;

import io.neurograft.coordinator.rpc.RunSummary;
import io.neurograft.neural.Progress;

/** Tells a person how far a run is, from what the coordinator says of it. */
final class RunProgress {
  private final int rounds;
  private final Progress progress;
  private double shown;

  /**
   * Nothing is told yet.
   *
   * @param rounds how many rounds of fine-tuning there will be
   */
  RunProgress(int rounds, Progress progress) {
    this.rounds = rounds;
    this.progress = progress;
  }

  void show(RunSummary run) {
    String phase =
        switch (run.state()) {
          case "gathering" -> "waiting for the sites";
          case "training" -> "sites train their members";
          case "fusing" -> "fusing the members";
          case "fine-tuning", "averaging" -> "fine-tuning, round " + run.round() + " of " + rounds;
          case "publishing" -> "publishing the best model";
          case "completed" -> "the run is complete";
          default -> run.message();
        };
    shown = Math.max(shown, fraction(run)); // a bar that goes back confuses
    progress.report(shown, phase);
  }

  /** Training takes about a third of a run, fusion a sixth, fine-tuning most of the rest. */
  private double fraction(RunSummary run) {
    double tuning = 0.45 / Math.max(rounds, 1);
    return switch (run.state()) {
      case "training" -> 0.02 + 0.33 * sites(run);
      case "fusing" -> 0.35;
      case "fine-tuning" -> 0.5 + tuning * (run.round() - 1 + 0.8 * sites(run));
      case "averaging" -> 0.5 + tuning * (run.round() - 0.2);
      case "publishing" -> 0.96;
      case "completed" -> 1;
      default -> 0;
    };
  }

  private static double sites(RunSummary run) {
    return run.sites().stream().mapToDouble(RunSummary.SitePhase::fraction).average().orElse(0);
  }
}
