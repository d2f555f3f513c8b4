package io.neurograft.coordinator.rpc;

import io.neurograft.proto.text.OneLine;
import io.neurograft.proto.v1.Run;
import io.neurograft.proto.v1.SiteProgress;
import java.time.Instant;
import java.util.List;

/**
 * A run as an operator sees it.
 *
 * @param state in lower case with dashes
 * @param paused whether an operator has it stand still
 * @param round the fine-tuning round; 0 before the first
 * @param publishedDigest of the published model; empty before there is one
 * @param publishedMethod the method that made it
 * @param result all that is known of its results, as one JSON document; empty in lists
 */
public record RunSummary(
    String run,
    String name,
    String state,
    boolean paused,
    int round,
    Instant created,
    Instant changed,
    String message,
    List<SitePhase> sites,
    String publishedDigest,
    String publishedMethod,
    String result) {

  /**
   * How far a site is.
   *
   * @param fraction from 0 to 1
   */
  public record SitePhase(String site, String phase, double fraction) {}

  /** Whether nothing follows. */
  public boolean ended() {
    return state.equals("completed") || state.equals("failed") || state.equals("cancelled");
  }

  /** Whether all went well. */
  public boolean completed() {
    return state.equals("completed");
  }

  static RunSummary of(Run run) {
    return new RunSummary(
        run.getRunId(),
        run.getName(),
        SiteSummary.word(run.getState().name(), "RUN_STATE_"),
        run.getPaused(),
        run.getRound(),
        SiteSummary.instant(run.getCreated()),
        SiteSummary.instant(run.getChanged()),
        OneLine.of(run.getMessage()),
        run.getSitesList().stream().map(RunSummary::phase).toList(),
        run.getPublished().getDigest(),
        run.getPublishedMethod(),
        run.getResultJson());
  }

  private static SitePhase phase(SiteProgress site) {
    return new SitePhase(site.getSite(), OneLine.of(site.getPhase()), site.getFraction());
  }
}
