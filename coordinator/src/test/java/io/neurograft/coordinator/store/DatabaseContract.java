package io.neurograft.coordinator.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.neurograft.coordinator.run.ModelKey;
import io.neurograft.coordinator.run.RunState;
import io.neurograft.coordinator.run.Score;
import io.neurograft.coordinator.run.TaskKey;
import io.neurograft.coordinator.run.TaskKind;
import io.neurograft.coordinator.run.TaskState;
import io.neurograft.coordinator.store.ArtifactTable.Beginning;
import io.neurograft.coordinator.store.ArtifactTable.Put;
import io.neurograft.coordinator.store.IdentityTable.Shown;
import io.neurograft.fusion.screen.Verdict;
import io.neurograft.neural.network.WeightEncoding;
import io.neurograft.proto.identity.Identity;
import io.neurograft.proto.identity.Role;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What every database of a coordinator promises. */
abstract class DatabaseContract {
  static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");
  private static final String DIGEST = "a".repeat(64);
  private static final TaskKey TRAIN = new TaskKey("site-a", TaskKind.TRAIN, "", 0);

  /** Opens the test's database, which is empty the first time. */
  abstract Database open();

  static StoredRun prepare(Tables tables) {
    tables.sites().save(new StoredSite("site-a", List.of(1L, 2L), List.of(3L, 4L), 5, "0.1", NOW));
    String id = tables.runs().create("glyphs", "t0", "name: glyphs", NOW);
    return tables.runs().find(id).orElseThrow();
  }

  @Test
  void open_secondTime_findsEverythingAsItWas() {
    TaskResult result =
        new TaskResult(
            Optional.of(DIGEST),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            7,
            Optional.empty(),
            Optional.of(new Score(10, 9, 0.5)),
            1.5,
            Optional.of(new SentWeights(WeightEncoding.INT8, 12, 40, 0.001, 1e-20)));
    try (Database database = open()) {
      StoredRun run = database.write(DatabaseContract::prepare);
      assertThat(run.id()).isEqualTo("glyphs-1");
      database.write(
          tables -> {
            StoredArtifact artifact = new StoredArtifact(DIGEST, 12, StoredArtifact.Kind.WEIGHTS);
            tables.artifacts().begin(artifact, Optional.empty(), NOW);
            tables.artifacts().begin(artifact, Optional.empty(), NOW);
            tables.tasks().create(run, TRAIN, NOW.plusSeconds(60), NOW);
            tables.tasks().create(run, TRAIN, NOW.plusSeconds(99), NOW);
            tables.tasks().finish(run.taskId(TRAIN), result);
            tables
                .models()
                .save(run.id(), new StoredModel(new ModelKey("average", 0), DIGEST, 1, "{}"));
            tables.models().evaluated(run.id(), Subject.ENSEMBLE, new Score(10, 8, 0.25));
            tables.runs().move(run.id(), RunState.FUSING, 0, "fuses", NOW.plusSeconds(1));
            tables.runs().publish(run.id(), new ModelKey("average", 0));
            tables.runs().claim("one", NOW, NOW.plusSeconds(10));
            return run;
          });
    }
    try (Database database = open()) {
      StoredTask task =
          database.read(t -> t.tasks().find(TRAIN.id("glyphs-1", "t0"))).orElseThrow();
      assertThat(task.state()).isEqualTo(TaskState.DONE);
      assertThat(task.view().deadline()).isEqualTo(NOW.plusSeconds(60));
      assertThat(task.result()).contains(result);
      StoredRun run = database.read(t -> t.runs().find("glyphs-1")).orElseThrow();
      assertThat(run.state()).isEqualTo(RunState.FUSING);
      assertThat(run.published()).contains(new ModelKey("average", 0));
      Set<ModelKey> models = database.read(t -> t.models().keys("glyphs-1"));
      assertThat(models).containsExactly(new ModelKey("average", 0));
      List<Lease> led = database.read(t -> t.runs().ledBy("one"));
      assertThat(led).containsExactly(new Lease("glyphs-1", 1));
      Map<Subject, Score> measured = database.read(t -> t.models().evaluations("glyphs-1"));
      assertThat(measured).containsEntry(Subject.ENSEMBLE, new Score(10, 8, 0.25));
      assertThat(database.read(t -> t.sites().find("site-a")).orElseThrow().classCounts())
          .containsExactly(3L, 4L);
    }
  }

  @Test
  void write_leaseWasTakenOver_changesNothing() {
    try (Database database = open()) {
      String run = database.write(DatabaseContract::prepare).id();
      Lease first = new Lease(run, 1);
      assertThat(claim(database, "one", NOW)).containsExactly(first);
      assertThat(claim(database, "one", NOW.plusSeconds(9))).as("goes on").containsExactly(first);
      assertThat(claim(database, "two", NOW.plusSeconds(9))).as("too early").isEmpty();
      assertThat(note(database, first, "by the first")).isEqualTo("by the first");

      Lease second = new Lease(run, 2);
      assertThat(claim(database, "two", NOW.plusSeconds(10))).containsExactly(second);
      assertThatThrownBy(() -> note(database, first, "too late"))
          .isInstanceOf(LostLeaseException.class)
          .hasMessage("another coordinator leads run " + run + " now");
      assertThat(note(database, second, "")).isEqualTo("by the first");
      assertThat(claim(database, "one", NOW.plusSeconds(11))).isEmpty();

      database.write(
          tables -> {
            tables.runs().release("two");
            return run;
          });
      assertThat(claim(database, "one", NOW.plusSeconds(11)))
          .as("released")
          .containsExactly(new Lease(run, 3));
      assertThat(claim(database, "one", NOW.plusSeconds(21)))
          .as("lapsed, and taken anew")
          .containsExactly(new Lease(run, 4));
    }
  }

  @Test
  void renew_leaseHasLapsed_leavesItToBeTaken() {
    try (Database database = open()) {
      String run = database.write(DatabaseContract::prepare).id();
      claim(database, "one", NOW);
      assertThat(renewAndLapsed(database, run, NOW.plusSeconds(9))).isFalse();
      assertThat(renewAndLapsed(database, run, NOW.plusSeconds(18))).isFalse();
      assertThat(renewAndLapsed(database, run, NOW.plusSeconds(28))).isTrue();
    }
  }

  private static boolean renewAndLapsed(Database database, String run, Instant now) {
    return database.write(
        tables -> {
          tables.runs().renew("one", now, now.plusSeconds(10));
          return tables.runs().lapsed(run, now);
        });
  }

  @Test
  void elsewhere_coordinatorsWithAndWithoutBuckets_goTogetherOnOneBucketAlone() {
    try (Database database = open()) {
      database.write(
          tables -> {
            tables.coordinators().alive("one", "s3://a/", NOW.plusSeconds(10));
            return tables;
          });
      assertThat(elsewhere(database, "one", "s3://a/", NOW)).as("itself").isEmpty();
      assertThat(elsewhere(database, "two", "s3://a/", NOW)).isEmpty();
      assertThat(elsewhere(database, "two", "s3://b/", NOW)).contains(NOW.plusSeconds(10));
      assertThat(elsewhere(database, "two", "", NOW)).contains(NOW.plusSeconds(10));
      assertThat(elsewhere(database, "two", "", NOW.plusSeconds(10))).as("gone").isEmpty();
      database.write(
          tables -> {
            tables.coordinators().alive("three", "", NOW.plusSeconds(20));
            return tables;
          });
      assertThat(elsewhere(database, "two", "s3://a/", NOW)).contains(NOW.plusSeconds(20));
      assertThat(elsewhere(database, "two", "", NOW)).contains(NOW.plusSeconds(20));
    }
  }

  private static Optional<Instant> elsewhere(
      Database database, String coordinator, String bucket, Instant now) {
    return database.read(tables -> tables.coordinators().elsewhere(coordinator, bucket, now));
  }

  @Test
  void over_runHasEndedOrIsDeleted_isTold() {
    try (Database database = open()) {
      String run = database.write(DatabaseContract::prepare).id();
      assertThat(over(database, run)).isFalse();
      assertThat(over(database, "no-run")).isFalse();
      database.write(
          tables -> {
            tables.runs().move(run, RunState.CANCELLED, 0, "cancelled", NOW);
            return run;
          });
      assertThat(over(database, run)).isTrue();
      boolean deleted = database.write(tables -> tables.runs().delete(run, NOW));
      assertThat(deleted).isTrue();
      assertThat(over(database, run)).isTrue();
    }
  }

  private static boolean over(Database database, String run) {
    return database.read(tables -> tables.runs().over(run));
  }

  /** What is reopened after a restart would be added to answers that are gone. */
  @Test
  void forgetAnswers_taskHadFailed_isNotTakenUpAgain() {
    TaskKey answered = new TaskKey("site-a", TaskKind.MOMENTS, "interpolate", 2);
    TaskKey failed = new TaskKey("site-b", TaskKind.MOMENTS, "interpolate", 2);
    TaskKey other = new TaskKey("site-b", TaskKind.MOMENTS, "interpolate", 3);
    TaskResult answer =
        new TaskResult(
            Optional.empty(),
            Optional.empty(),
            Optional.of(DIGEST),
            Optional.empty(),
            0,
            Optional.empty(),
            Optional.empty(),
            1,
            Optional.empty());
    try (Database database = open()) {
      StoredRun run = database.write(DatabaseContract::prepare);
      List<String> forgotten =
          database.write(
              tables -> {
                tables.sites().save(new StoredSite("site-b", List.of(), List.of(), 0, "", NOW));
                tables
                    .artifacts()
                    .begin(
                        new StoredArtifact(DIGEST, 12, StoredArtifact.Kind.MOMENTS),
                        Optional.empty(),
                        NOW);
                for (TaskKey key : List.of(answered, failed, other)) {
                  tables.tasks().create(run, key, NOW, NOW);
                }
                tables.tasks().finish(run.taskId(answered), answer);
                tables.tasks().fail(run.taskId(failed), true, NOW, "disk full");
                return tables.exchanges().forgetAnswers(run.id(), "interpolate", 2);
              });
      assertThat(forgotten).containsExactly(DIGEST);
      assertThat(state(database, run.taskId(answered))).isEqualTo(TaskState.DONE);
      assertThat(state(database, run.taskId(failed))).isEqualTo(TaskState.DROPPED);
      assertThat(state(database, run.taskId(other))).isEqualTo(TaskState.OPEN);
    }
  }

  private static TaskState state(Database database, String task) {
    return database.read(tables -> tables.tasks().find(task)).orElseThrow().state();
  }

  @Test
  void evaluated_lossIsNoNumber_isKeptAsTheWorst() {
    Score worst = new Score(10, 1, Double.POSITIVE_INFINITY);
    try (Database database = open()) {
      StoredRun run = database.write(DatabaseContract::prepare);
      TaskResult result =
          new TaskResult(
              Optional.empty(),
              Optional.empty(),
              Optional.empty(),
              Optional.empty(),
              0,
              Optional.of(new Score(10, 1, Double.NaN)),
              Optional.empty(),
              1,
              Optional.empty());
      database.write(
          tables -> {
            tables.models().evaluated(run.id(), Subject.ENSEMBLE, new Score(10, 1, Double.NaN));
            tables.tasks().create(run, TRAIN, NOW, NOW);
            tables.tasks().finish(run.taskId(TRAIN), result);
            return run;
          });
      Map<Subject, Score> measured = database.read(t -> t.models().evaluations(run.id()));
      assertThat(measured).containsEntry(Subject.ENSEMBLE, worst);
      StoredTask task = database.read(t -> t.tasks().find(run.taskId(TRAIN))).orElseThrow();
      assertThat(task.result().flatMap(TaskResult::before)).contains(worst);
    }
  }

  private static List<Lease> claim(Database database, String coordinator, Instant now) {
    return database.write(
        tables -> {
          tables.runs().claim(coordinator, now, now.plusSeconds(10));
          return tables.runs().ledBy(coordinator);
        });
  }

  /** Notes something on a lease, unless it is empty; tells what is noted. */
  private static String note(Database database, Lease lease, String message) {
    return database.write(
        lease,
        tables -> {
          if (!message.isEmpty()) {
            tables.runs().note(lease.runId(), message);
          }
          return tables.runs().find(lease.runId()).orElseThrow().message();
        });
  }

  @Test
  void attached_coordinatorIsGone_sitesAreNotAttachedAnyMore() {
    try (Database database = open()) {
      database.write(
          tables -> {
            prepare(tables);
            tables.coordinators().alive("one", "", NOW.plusSeconds(10));
            tables.coordinators().alive("two", "", NOW.plusSeconds(30));
            tables.sites().attached("site-a", "one", "program-1");
            return tables;
          });
      assertThat(attached(database, NOW)).containsExactly("site-a");
      assertThat(attached(database, NOW.plusSeconds(10))).isEmpty();
      Map<String, String> elsewhere = database.read(tables -> tables.sites().elsewhere("two"));
      assertThat(elsewhere).containsExactly(Map.entry("site-a", "program-1"));
      database.write(
          tables -> {
            tables.sites().attached("site-a", "two", "program-2");
            tables.sites().detached("site-a", "one"); // too late: it is with another
            tables.coordinators().forget(NOW.plusSeconds(20));
            return tables;
          });
      assertThat(attached(database, NOW.plusSeconds(10))).containsExactly("site-a");
      database.write(
          tables -> {
            tables.sites().detached("site-a", "two");
            return tables;
          });
      assertThat(attached(database, NOW)).isEmpty();
    }
  }

  @Test
  void begin_coordinatorThatPutsItIsGone_isTakenFromIt() {
    StoredArtifact artifact = new StoredArtifact(DIGEST, 12, StoredArtifact.Kind.WEIGHTS);
    Put byOne = new Put("object-1", "one");
    Put byTwo = new Put("object-2", "two");
    Instant gone = NOW.plusSeconds(10);
    try (Database database = open()) {
      assertThat(
              database.<Beginning>write(
                  tables -> {
                    tables.coordinators().alive("one", "", gone);
                    tables.coordinators().alive("two", "", gone.plusSeconds(10));
                    return tables.artifacts().begin(artifact, Optional.of(byOne), NOW);
                  }))
          .isEqualTo(Beginning.TO_BE_PUT);
      assertThat(begin(database, artifact, byTwo, gone.minusMillis(1))).isEqualTo(Beginning.BUSY);
      assertThat(begin(database, artifact, byTwo, gone)).isEqualTo(Beginning.TO_BE_PUT);
      assertThat(begin(database, artifact, byOne, gone)).isEqualTo(Beginning.BUSY);
      assertThat(complete(database, byOne)).as("late").isFalse();
      assertThat(complete(database, byTwo)).isTrue();
      assertThat(begin(database, artifact, byOne, gone)).isEqualTo(Beginning.STORED);
      Optional<String> object = database.read(tables -> tables.artifacts().object(DIGEST));
      assertThat(object).contains("object-2");
    }
  }

  private static Beginning begin(Database database, StoredArtifact artifact, Put put, Instant now) {
    return database.write(tables -> tables.artifacts().begin(artifact, Optional.of(put), now));
  }

  private static boolean complete(Database database, Put put) {
    return database.<Boolean>write(
        tables -> tables.artifacts().complete(DIGEST, put.object(), NOW));
  }

  private static List<String> attached(Database database, Instant now) {
    return database.read(
        tables -> tables.sites().attached(now).stream().map(StoredSite::name).toList());
  }

  @Test
  void note_runHasEnded_keepsItsLastWord() {
    try (Database database = open()) {
      String run = database.write(DatabaseContract::prepare).id();
      StoredRun noted =
          database.write(
              tables -> {
                tables.runs().move(run, RunState.CANCELLED, 0, "cancelled", NOW);
                tables.runs().note(run, "fuses");
                return tables.runs().find(run).orElseThrow();
              });
      assertThat(noted.message()).isEqualTo("cancelled");
    }
  }

  @Test
  void write_workFails_changesNothing() {
    try (Database database = open()) {
      assertThatThrownBy(
              () ->
                  database.write(
                      tables -> {
                        prepare(tables);
                        throw new IllegalStateException("broke");
                      }))
          .hasMessage("broke");
      List<StoredRun> runs = database.read(t -> t.runs().all());
      assertThat(runs).isEmpty();
      List<StoredSite> sites = database.read(t -> t.sites().all());
      assertThat(sites).isEmpty();
    }
  }

  @Test
  void write_manyThreads_allAreServed() throws Exception {
    var pool = Executors.newFixedThreadPool(8);
    try (Database database = open()) {
      List<Callable<String>> work =
          IntStream.range(0, 40)
              .<Callable<String>>mapToObj(
                  i -> () -> database.write(t -> t.runs().create("run", "t0", "", NOW)))
              .toList();
      for (var done : pool.invokeAll(work)) {
        done.get();
      }
      List<StoredRun> runs = database.read(t -> t.runs().all());
      assertThat(runs).hasSize(40).first().extracting("id").isEqualTo("run-40");
    } finally {
      pool.shutdownNow();
    }
  }

  @Test
  void tasks_failedAndGivenOutAgain_countTheirAttempts() {
    try (Database database = open()) {
      StoredRun run = database.write(DatabaseContract::prepare);
      String id = run.taskId(TRAIN);
      StoredTask task =
          database.write(
              tables -> {
                tables.tasks().create(run, TRAIN, NOW, NOW);
                tables.tasks().fail(id, true, NOW.plusSeconds(1), "disk full");
                tables.tasks().retry(id, "disk full", NOW.plusSeconds(5));
                tables.tasks().progress(id, "trains", 0.5);
                return tables.tasks().find(id).orElseThrow();
              });
      assertThat(task.view().attempts()).isEqualTo(2);
      assertThat(task.state()).isEqualTo(TaskState.OPEN);
      assertThat(task.fraction()).isEqualTo(0.5);
      List<String> now = database.read(t -> t.tasks().sitesWithExpiredLeases(NOW));
      assertThat(now).isEmpty();
      List<String> later = database.read(t -> t.tasks().sitesWithExpiredLeases(NOW.plusSeconds(5)));
      assertThat(later).containsExactly("site-a");
    }
  }

  @Test
  void postpone_deadlineOfAClockThatWasSetSince_isReplaced() {
    try (Database database = open()) {
      StoredRun run = database.write(DatabaseContract::prepare);
      List<Instant> deadlines =
          database.write(
              tables -> {
                tables.tasks().create(run, TRAIN, NOW, NOW);
                tables.tasks().postpone(run.id(), NOW.plusSeconds(9));
                tables.tasks().postpone(run.id(), NOW.plusSeconds(4)); // set back meanwhile
                return tables.tasks().open("site-a").stream()
                    .map(t -> t.view().deadline())
                    .toList();
              });
      assertThat(deadlines).containsExactly(NOW.plusSeconds(4));
    }
  }

  @Test
  void sites_namesInEveryCase_areOrderedByTheirBytes() {
    List<String> names = List.of("Z", "a", "a-b", "ab", "b", "\u00e4");
    try (Database database = open()) {
      List<StoredSite> sites =
          database.write(
              tables -> {
                for (String name : List.of("b", "ab", "\u00e4", "a-b", "a", "Z")) {
                  tables.sites().save(new StoredSite(name, List.of(), List.of(), 0, "", NOW));
                }
                return tables.sites().all();
              });
      assertThat(sites).extracting(StoredSite::name).containsExactlyElementsOf(names);
    }
  }

  @Test
  void screened_storedTwice_staysAsItWasFirst() {
    Screened passed = screened("site-a", Optional.empty(), Optional.of(0.75));
    Screened left = screened("site-b", Optional.of("its weights are too large"), Optional.empty());
    try (Database database = open()) {
      String run = database.write(DatabaseContract::prepare).id();
      for (List<Screened> cohort :
          List.of(
              List.of(passed, left),
              List.of(screened("site-b", Optional.empty(), Optional.empty())))) {
        database.write(
            tables -> {
              tables.screenings().save(run, cohort);
              return run;
            });
      }
      assertThat(database.<List<Screened>>read(tables -> tables.screenings().of(run)))
          .containsExactly(passed, left);
      assertThat(database.<Set<String>>read(tables -> tables.screenings().quarantined(run)))
          .containsExactly("site-b");
    }
  }

  private static Screened screened(
      String site, Optional<String> reason, Optional<Double> agreement) {
    return new Screened(Screened.MEMBERS, new Verdict(site, reason, 1.5, agreement));
  }

  @Test
  void note_everyCharacter_isStored() {
    try (Database database = open()) {
      StoredRun noted =
          database.write(
              tables -> {
                String run = prepare(tables).id();
                tables.runs().note(run, "\0'\"\\\u00fc\ud83e\udde0");
                return tables.runs().find(run).orElseThrow();
              });
      assertThat(noted.message()).endsWith("'\"\\\u00fc\ud83e\udde0");
    }
  }

  @Test
  void identities_revokedByName_areAllThatWereThereBefore() {
    Identity site = new Identity(Role.SITE, "site-a");
    Shown first = new Shown("a1", site, NOW);
    Shown second = new Shown("a2", site, NOW.plusSeconds(20));
    Shown foreign = new Shown("f1", site, NOW);
    try (Database database = open()) {
      database.write(
          tables -> {
            IdentityTable identities = tables.identities();
            identities.invite("t1", site, NOW.plusSeconds(60));
            identities.invite("t2", new Identity(Role.OPERATOR, "site-a"), NOW.plusSeconds(60));
            identities.issued(first, NOW.plusSeconds(60), NOW);
            identities.use("t1", "key");
            return identities;
          });
      assertThat(
              database.<Optional<IdentityTable.Invitation>>read(
                  tables -> tables.identities().invitation("t1")))
          .contains(new IdentityTable.Invitation(site, NOW.plusSeconds(60), Optional.of("key")));
      assertThat(database.<Boolean>read(tables -> tables.identities().revoked(first))).isFalse();
      assertThat(database.<Boolean>read(tables -> tables.identities().revoked(foreign))).isFalse();

      assertThat(
              database.<IdentityTable.Revoked>write(
                  tables -> tables.identities().revoke(site, NOW.plusSeconds(10))))
          .isEqualTo(new IdentityTable.Revoked(1, true));
      assertThat(
              database.<IdentityTable.Revoked>write(
                  tables -> tables.identities().revoke(site, NOW.plusSeconds(11))))
          .isEqualTo(new IdentityTable.Revoked(0, true));
      assertThat(database.<Boolean>read(tables -> tables.identities().revoked(first))).isTrue();
      assertThat(database.<Boolean>read(tables -> tables.identities().revoked(foreign))).isTrue();
      assertThat(
              database.<Optional<IdentityTable.Invitation>>read(
                  tables -> tables.identities().invitation("t1")))
          .isEmpty();
      assertThat(
              database.<Optional<IdentityTable.Invitation>>read(
                  tables -> tables.identities().invitation("t2")))
          .isPresent();

      // What is given later is good; what has expired is forgotten.
      database.write(
          tables -> {
            tables.identities().issued(second, NOW.plusSeconds(90), NOW.plusSeconds(70));
            return second;
          });
      assertThat(database.<Boolean>read(tables -> tables.identities().revoked(second))).isFalse();
      assertThat(
              database.<Optional<IdentityTable.Invitation>>read(
                  tables -> tables.identities().invitation("t2")))
          .isEmpty();
    }
  }

  /** Numbers are only unique within an authority, and several may be trusted. */
  @Test
  void identities_sameSerialOfAnotherAuthority_isJudgedByItsOwnName() {
    Shown ours = new Shown("a1", new Identity(Role.SITE, "site-a"), NOW);
    Shown namesake = new Shown("a1", new Identity(Role.OPERATOR, "site-a"), NOW);
    Shown theirs = new Shown("a1", new Identity(Role.SITE, "site-b"), NOW);
    try (Database database = open()) {
      database.write(
          tables -> {
            tables.identities().issued(ours, NOW.plusSeconds(60), NOW);
            return tables.identities().revoke(theirs.identity(), NOW.plusSeconds(10));
          });
      assertThat(database.<Boolean>read(tables -> tables.identities().revoked(theirs))).isTrue();
      assertThat(database.<Boolean>read(tables -> tables.identities().revoked(ours))).isFalse();
      database.write(tables -> tables.identities().revoke(ours.identity(), NOW.plusSeconds(20)));
      assertThat(database.<Boolean>read(tables -> tables.identities().revoked(ours))).isTrue();
      assertThat(database.<Boolean>read(tables -> tables.identities().revoked(namesake))).isFalse();
    }
  }

  @Test
  void uploads_untilAResultNamesThem_countForTheirSite() {
    StoredArtifact one = new StoredArtifact("1".repeat(64), 100, StoredArtifact.Kind.WEIGHTS);
    StoredArtifact two = new StoredArtifact("2".repeat(64), 1L << 40, StoredArtifact.Kind.MOMENTS);
    try (Database database = open()) {
      database.write(
          tables -> {
            tables.uploads().begin("site-a", one, NOW);
            tables.uploads().begin("site-a", two, NOW);
            StoredArtifact smaller =
                new StoredArtifact(two.digest(), 1, StoredArtifact.Kind.MOMENTS);
            tables.uploads().begin("site-a", smaller, NOW.plusSeconds(9)); // says so, at least
            tables.uploads().begin("site-b", one, NOW);
            return one;
          });
      assertThat(bytes(database, "site-a", "none")).isEqualTo(100 + (1L << 40));
      assertThat(bytes(database, "site-a", two.digest())).isEqualTo(100);
      database.write(
          tables -> {
            tables.uploads().named("site-a", List.of(one.digest(), "3".repeat(64)));
            return one;
          });
      assertThat(bytes(database, "site-a", "none")).isEqualTo(1L << 40);
      assertThat(bytes(database, "site-b", "none")).isEqualTo(100);
      database.write(
          tables -> {
            tables.uploads().forget(NOW.plusSeconds(5));
            return one;
          });
      assertThat(bytes(database, "site-b", "none")).isZero();
      assertThat(bytes(database, "site-a", "none")).isEqualTo(1L << 40);
    }
  }

  private static long bytes(Database database, String site, String beside) {
    return database.<Long>read(tables -> tables.uploads().beside(site, beside).bytes());
  }

  @Test
  void participation_ofASite_isWhatItsRunsNameForSites() {
    try (Database database = open()) {
      StoredRun run = database.write(DatabaseContract::prepare);
      database.write(
          tables -> {
            StoredArtifact artifact = new StoredArtifact(DIGEST, 12, StoredArtifact.Kind.WEIGHTS);
            tables.artifacts().begin(artifact, Optional.empty(), NOW);
            tables.tasks().create(run, TRAIN, NOW.plusSeconds(60), NOW);
            return run;
          });
      assertThat(database.<Boolean>read(t -> t.participation().working("site-a"))).isTrue();
      assertThat(database.<Boolean>read(t -> t.participation().working("site-b"))).isFalse();
      assertThat(database.<Boolean>read(t -> t.participation().mayRead("site-a", DIGEST)))
          .isFalse();
      database.write(
          tables -> {
            tables
                .models()
                .save(run.id(), new StoredModel(new ModelKey("average", 0), DIGEST, 1, "{}"));
            return run;
          });
      assertThat(database.<Boolean>read(t -> t.participation().mayRead("site-a", DIGEST))).isTrue();
      assertThat(database.<Boolean>read(t -> t.participation().mayRead("site-b", DIGEST)))
          .isFalse();
    }
  }
}
