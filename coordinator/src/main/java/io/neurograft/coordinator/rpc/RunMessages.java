package io.neurograft.coordinator.rpc;

import io.neurograft.coordinator.conduct.RunDesk;
import io.neurograft.coordinator.conduct.SiteStanding;
import io.neurograft.coordinator.run.ModelKey;
import io.neurograft.coordinator.store.StoredRun;
import io.neurograft.coordinator.store.StoredSite;
import io.neurograft.neural.config.InvalidInputException;
import io.neurograft.proto.v1.CreateRunRequest;
import io.neurograft.proto.v1.Run;
import io.neurograft.proto.v1.RunState;
import io.neurograft.proto.v1.Site;
import io.neurograft.proto.v1.SiteProgress;

/** Reads what operators ask about runs, and words runs and sites for the wire. */
final class RunMessages {
  private static final int LONGEST_SPECIFICATION = 1 << 20;

  private RunMessages() {}

  /**
   * The specification of a run that is to be created, in YAML.
   *
   * @throws InvalidInputException if there is none, or it is too long
   */
  static String specification(CreateRunRequest request) {
    String specification = request.getSpecification();
    Checks checks = new Checks("run");
    checks.require(
        !specification.isBlank() && specification.length() <= LONGEST_SPECIFICATION,
        "specification",
        "expected YAML of at most " + LONGEST_SPECIFICATION + " characters");
    checks.done();
    return specification;
  }

  /**
   * The identity of a run that is asked about.
   *
   * @throws InvalidInputException if it cannot be one
   */
  static String id(String runId) {
    Checks checks = new Checks("run");
    checks.id("run_id", runId);
    checks.done();
    return runId;
  }

  static Run message(RunDesk.Told told) {
    StoredRun run = told.run();
    Run.Builder message =
        Run.newBuilder()
            .setRunId(run.id())
            .setName(run.name())
            .setState(RunState.valueOf("RUN_STATE_" + run.state().name()))
            .setRound(run.round())
            .setCreated(TaskMessages.time(run.created()))
            .setChanged(TaskMessages.time(run.changed()))
            .setMessage(run.message())
            .setPaused(run.paused().isPresent())
            .setPublishedMethod(run.published().map(ModelKey::method).orElse(""))
            .setResultJson(told.result());
    told.sites().forEach(site -> message.addSites(message(site)));
    told.published().ifPresent(model -> message.setPublished(TaskMessages.artifact(model)));
    return message.build();
  }

  private static SiteProgress message(SiteStanding standing) {
    return SiteProgress.newBuilder()
        .setSite(standing.site())
        .setPhase(standing.phase())
        .setFraction(standing.fraction())
        .build();
  }

  static Site message(RunDesk.ToldSite told) {
    StoredSite site = told.site();
    return Site.newBuilder()
        .setName(site.name())
        .setAttached(told.attached())
        .setLastSeen(TaskMessages.time(site.lastSeen()))
        .addAllClassCounts(site.classCounts())
        .setSoftwareVersion(site.softwareVersion())
        .build();
  }
}
