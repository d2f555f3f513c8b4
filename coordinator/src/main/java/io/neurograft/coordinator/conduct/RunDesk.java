package io.neurograft.coordinator.conduct;

import io.neurograft.coordinator.audit.Journal;
import io.neurograft.coordinator.conduct.Refusal.Reason;
import io.neurograft.coordinator.run.RunSpec;
import io.neurograft.coordinator.store.Database;
import io.neurograft.coordinator.store.StoredArtifact;
import io.neurograft.coordinator.store.StoredRun;
import io.neurograft.coordinator.store.StoredSite;
import io.neurograft.coordinator.store.Tables;
import io.neurograft.proto.artifact.Digest;
import io.neurograft.proto.audit.Act;
import io.neurograft.proto.audit.Deed;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;

/** What an operator may ask. What changes something is in the audit log before it is done. */
public final class RunDesk {
  private final Database database;
  private final Conductor conductor;
  private final Jobs jobs;
  private final InstantSource clock;
  private final Journal journal;

  /** A desk over the conductor's runs. */
  public RunDesk(
      Database database, Conductor conductor, Jobs jobs, InstantSource clock, Journal journal) {
    this.database = database;
    this.conductor = conductor;
    this.jobs = jobs;
    this.clock = clock;
    this.journal = journal;
  }

  /**
   * A run as it is told.
   *
   * @param sites how far each site is that takes part, by name
   * @param published the chosen model, once there is one
   * @param result all that is known of its results, as one JSON document; empty if not asked for
   */
  public record Told(
      StoredRun run, List<SiteStanding> sites, Optional<StoredArtifact> published, String result) {}

  /**
   * A site as it is told.
   *
   * @param attached whether it is attached now
   */
  public record ToldSite(StoredSite site, boolean attached) {}

  /**
   * Creates a run; it is stored when this returns, and starts when enough sites are attached.
   *
   * @param who asks
   * @throws io.neurograft.neural.config.InvalidInputException with every fault of the specification
   */
  public Told create(String who, String specification) {
    RunSpec spec = RunSpec.parse(specification, "run specification");
    jobs.check(spec);
    String token = UUID.randomUUID().toString().substring(0, 8);
    String id =
        database.write(
            tables -> {
              String made = tables.runs().create(spec.name(), token, specification, tables.now());
              String digest = Digest.of(specification.getBytes(StandardCharsets.UTF_8)).hex();
              journal.act(
                  Deed.of(who, Act.RUN_CREATED).about("run", made).about("specification", digest));
              return made;
            });
    conductor.created(id);
    return get(id);
  }

  /**
   * One run, with its results.
   *
   * @throws Refusal NOT_FOUND
   */
  public Told get(String runId) {
    return database.read(tables -> told(tables, find(tables, runId), true));
  }

  /** All runs, the newest first, without results, and without the sites of those that ended. */
  public List<Told> list() {
    return database.read(
        tables -> tables.runs().all().stream().map(run -> told(tables, run, false)).toList());
  }

  /**
   * Ends a run before its time; one that has ended stays as it is.
   *
   * @throws Refusal NOT_FOUND
   */
  public Told cancel(String who, String runId) {
    database.read(tables -> find(tables, runId));
    conductor.cancel(
        runId, "cancelled by an operator", () -> journal.act(deed(who, Act.RUN_CANCELLED, runId)));
    return get(runId);
  }

  /**
   * Has a run stand still: its sites stop what they are doing for it, and no job is begun. What is
   * done already, and what comes in still, is kept. One that has ended stays as it is.
   *
   * @throws Refusal NOT_FOUND
   */
  public Told pause(String who, String runId) {
    database.write(
        tables -> {
          journal.act(deed(who, Act.RUN_PAUSED, find(tables, runId).id()));
          tables.runs().pause(runId, clock.instant());
          return runId;
        });
    conductor.told(runId);
    return get(runId);
  }

  /**
   * Takes up a paused run where it was; its sites have all their time again. One that is not paused
   * stays as it is.
   *
   * @throws Refusal NOT_FOUND
   */
  public Told resume(String who, String runId) {
    StoredRun run = database.read(tables -> find(tables, runId));
    if (run.paused().isPresent()) {
      journal.act(deed(who, Act.RUN_RESUMED, runId));
      conductor.resume(run);
      conductor.told(runId);
    }
    return get(runId);
  }

  /** All sites that have attached before, by name. An attached site is seen now. */
  public List<ToldSite> sites() {
    return database.read(
        tables -> {
          Set<String> attached =
              tables.sites().attached(tables.now()).stream()
                  .map(StoredSite::name)
                  .collect(Collectors.toSet());
          return tables.sites().all().stream()
              .map(
                  site ->
                      attached.contains(site.name())
                          ? new ToldSite(site.seen(clock.instant()), true)
                          : new ToldSite(site, false))
              .toList();
        });
  }

  /**
   * Deletes a run that has ended. Its artifacts are collected later, unless another run names them.
   *
   * @throws Refusal NOT_FOUND; NOT_READY if it has not ended
   */
  public void delete(String who, String runId) {
    database.write(
        tables -> {
          find(tables, runId);
          if (!tables.runs().delete(runId, clock.instant())) {
            throw new Refusal(
                Reason.NOT_READY,
                "run " + runId + " has not ended; cancel it first, then delete it");
          }
          journal.act(deed(who, Act.RUN_DELETED, runId));
          return runId;
        });
  }

  private static Deed deed(String who, Act what, String runId) {
    return Deed.of(who, what).about("run", runId);
  }

  private static Told told(Tables tables, StoredRun run, boolean withResult) {
    Optional<StoredArtifact> published =
        run.published()
            .flatMap(key -> tables.models().find(run.id(), key))
            .flatMap(model -> tables.artifacts().find(model.digest()));
    boolean withSites = withResult || !run.state().ended();
    return new Told(
        run,
        withSites ? sites(tables, run) : List.of(),
        published,
        withResult ? RunResult.of(tables, run).toString() : "");
  }

  private static List<SiteStanding> sites(Tables tables, StoredRun run) {
    return SiteStanding.of(
        tables.tasks().since(run.id(), run.round()), tables.screenings().of(run.id()));
  }

  private static StoredRun find(Tables tables, String runId) {
    return tables
        .runs()
        .find(runId)
        .orElseThrow(
            () ->
                new Refusal(
                    Reason.NOT_FOUND, "there is no run \"" + runId + "\"; list the runs to see"));
  }
}
