package io.neurograft.coordinator.artifact;

import static org.assertj.core.api.Assertions.assertThat;

import io.neurograft.coordinator.metrics.CoordinatorMetrics;
import io.neurograft.coordinator.run.RunState;
import io.neurograft.coordinator.run.TaskKey;
import io.neurograft.coordinator.run.TaskKind;
import io.neurograft.coordinator.store.CollectionTable.Claim;
import io.neurograft.coordinator.store.Database;
import io.neurograft.coordinator.store.StorageException;
import io.neurograft.coordinator.store.StoredArtifact;
import io.neurograft.coordinator.store.StoredRun;
import io.neurograft.coordinator.store.StoredSite;
import io.neurograft.coordinator.store.TaskResult;
import io.neurograft.proto.artifact.Digest;
import io.neurograft.testing.Folders;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;

/**
 * Everything that can happen to artifacts, in any order, with the steps of two collectors between
 * them: what a run names is always there, and in the end there is nothing else.
 */
final class CollectionPropertyTest {
  private static final Duration SPAN = Duration.ofMinutes(10);
  private static final int CONTENTS = 2;
  private static final int RUNS = 2;

  /** What can happen, and how often it does among the others. */
  enum Event {
    SEND(5),
    REPORT(3),
    DELETE_RUN(2),
    CLAIM(5),
    ERASE(4),
    FORGET(4),
    COLLECT(1),
    CRASH(1),
    LITTLE_TIME(4),
    MUCH_TIME(3);

    private final int frequency;

    Event(int frequency) {
      this.frequency = frequency;
    }
  }

  /**
   * @param which of the artifacts, runs and collectors
   */
  record Step(Event event, int which) {}

  @Provide
  Arbitrary<List<Step>> steps() {
    return Combinators.combine(
            Arbitraries.frequency(
                Arrays.stream(Event.values())
                    .map(event -> Tuple.of(event.frequency, event))
                    .toList()),
            Arbitraries.integers().between(0, CONTENTS * RUNS - 1))
        .as(Step::new)
        .list()
        .ofMinSize(10)
        .ofMaxSize(80);
  }

  @Property(tries = 40)
  void namedArtifacts_stay_andAllOthersGo(@ForAll("steps") List<Step> steps) throws Exception {
    Path folder = Files.createTempDirectory("collection");
    try (World world = new World(folder)) {
      for (Step step : steps) {
        world.happen(step);
        world.assertNamedAreHere();
      }
      world.end();
    } finally {
      Folders.delete(folder);
    }
  }

  /** The real store, and beside it what it should hold. */
  private static final class World implements AutoCloseable {
    private final ManualClock clock = new ManualClock();
    private final Database database;
    private final ArtifactStore store;
    private final List<ArtifactCollector> collectors = new ArrayList<>();
    private final List<List<Claim>> claims = new ArrayList<>();
    private final List<List<Claim>> erased = new ArrayList<>();
    private final Map<Integer, StoredRun> runs = new TreeMap<>();
    private final Map<Integer, Set<String>> named = new TreeMap<>();
    private int tasks;

    World(Path folder) {
      database = Database.open(folder.resolve("coordinator.db"), clock);
      store =
          ArtifactStore.open(
              folder.resolve("artifacts"),
              new ArtifactStore.Limits(100, 0, Long.MAX_VALUE),
              Optional.empty(),
              "one",
              database,
              clock);
      for (int i = 0; i < 2; i++) {
        collectors.add(new ArtifactCollector(store, SPAN, new CoordinatorMetrics(), clock));
        claims.add(new ArrayList<>());
        erased.add(new ArrayList<>());
      }
      database.write(
          tables -> {
            tables.sites().save(new StoredSite("a", List.of(), List.of(), 0, "", clock.instant()));
            return true;
          });
    }

    void happen(Step step) throws IOException {
      int content = step.which() % CONTENTS;
      int run = step.which() / CONTENTS;
      int collector = step.which() % 2;
      switch (step.event()) {
        case SEND -> send(content);
        case REPORT -> report(run, content);
        case DELETE_RUN -> deleteRun(run);
        case CLAIM -> claims.get(collector).addAll(collectors.get(collector).claim());
        case ERASE -> erase(collector);
        case FORGET -> {
          store.forget(List.copyOf(erased.get(collector)));
          erased.get(collector).clear();
        }
        case COLLECT -> collectors.get(collector).collect();
        case CRASH -> {
          claims.get(collector).clear();
          erased.get(collector).clear();
        }
        case LITTLE_TIME -> clock.pass(Duration.ofSeconds(61));
        case MUCH_TIME -> clock.pass(SPAN.plusSeconds(1));
      }
    }

    private void erase(int collector) {
      List<Claim> waiting = claims.get(collector);
      if (!waiting.isEmpty()) {
        Claim claim = waiting.remove(0);
        if (store.erase(claim)) {
          erased.get(collector).add(claim);
        }
      }
    }

    private static String digest(int content) {
      return Digest.of(new byte[] {(byte) content}).hex();
    }

    private void send(int content) throws IOException {
      Path file = Files.write(store.folder().newFile(), new byte[] {(byte) content});
      Files.setLastModifiedTime(file, FileTime.from(clock.instant()));
      try {
        store.add(StoredArtifact.Kind.WEIGHTS, file);
      } catch (StorageException e) {
        // It is just being collected: the sender tries again.
      }
    }

    private void report(int run, int content) {
      String digest = digest(content);
      TaskKey key = new TaskKey("a", TaskKind.FINE_TUNE, "m", tasks++);
      StoredRun into = runs.computeIfAbsent(run, this::create);
      try {
        database.write(
            tables -> {
              tables.tasks().create(into, key, clock.instant(), clock.instant());
              tables.tasks().finish(into.taskId(key), result(digest));
              return true;
            });
        named.computeIfAbsent(run, r -> new HashSet<>()).add(digest);
      } catch (StorageException e) {
        // It was not sent, or is gone: the site sends it first.
      }
    }

    private StoredRun create(int run) {
      return database.write(
          tables -> {
            String id = tables.runs().create("run", "token", "", clock.instant());
            return tables.runs().find(id).orElseThrow();
          });
    }

    private static TaskResult result(String digest) {
      return new TaskResult(
          Optional.of(digest),
          Optional.empty(),
          Optional.empty(),
          Optional.empty(),
          1,
          Optional.empty(),
          Optional.empty(),
          0,
          Optional.empty());
    }

    private void deleteRun(int run) {
      StoredRun deleted = runs.remove(run);
      if (deleted != null) {
        named.remove(run);
        database.write(
            tables -> {
              tables.runs().move(deleted.id(), RunState.CANCELLED, 0, "", clock.instant());
              return tables.runs().delete(deleted.id(), clock.instant());
            });
      }
    }

    private Set<String> named() {
      Set<String> all = new HashSet<>();
      named.values().forEach(all::addAll);
      return all;
    }

    void assertNamedAreHere() {
      for (String digest : named()) {
        assertThat(store.find(digest)).as("artifact %s", digest).isPresent();
      }
    }

    void end() {
      for (int turn = 0; turn < 2; turn++) {
        clock.pass(SPAN.plusMinutes(1));
        collectors.get(0).collect();
      }
      Set<String> left = new HashSet<>();
      try {
        store.folder().forEach(file -> left.add(file.getFileName().toString()));
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
      assertThat(left).isEqualTo(named());
    }

    @Override
    public void close() {
      collectors.forEach(ArtifactCollector::close);
      database.close();
    }
  }
}
