package io.neurograft.simulator.chaos;

import java.io.IOException;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/**
 * Disturbs all actors at once, each by a seeded sequence of its own and one disturbance after the
 * other. Which disturbances come, how long they last and how far apart they are follows from the
 * seed; what they meet depends on the machine.
 */
final class Disturber {
  private static final List<Kind> OF_THE_COORDINATOR =
      List.of(Kind.KILL, Kind.KILL, Kind.STOP, Kind.FILL, Kind.CLOCK);
  private static final List<Kind> OF_A_NODE =
      List.of(
          Kind.KILL,
          Kind.KILL,
          Kind.STOP,
          Kind.CUT,
          Kind.SWALLOW,
          Kind.BREAKDOWN,
          Kind.DELAY,
          Kind.THROTTLE,
          Kind.FILL,
          Kind.CLOCK);

  /** Long enough for a coordinator to get somewhere before it is disturbed again. */
  private static final int MOST_PAUSE_OF_THE_COORDINATOR = 20_000;

  private static final int MOST_PAUSE_OF_A_NODE = 9_000;

  private final Map<Kind, Integer> counts = new EnumMap<>(Kind.class);
  private final List<String> faults = new ArrayList<>();
  private final List<Thread> lanes = new ArrayList<>();
  private final BooleanSupplier more;
  private final Consumer<String> tell;

  /**
   * @param fills whether disks can be filled
   * @param more asked before each disturbance; none follows once it says no
   * @param tell hears of each disturbance
   */
  Disturber(
      List<Actor> actors, long seed, boolean fills, BooleanSupplier more, Consumer<String> tell) {
    this.more = more;
    this.tell = tell;
    SplittableRandom random = new SplittableRandom(seed);
    for (Actor actor : actors) {
      SplittableRandom own = random.split();
      boolean leads = actor.name().equals("coordinator");
      List<Kind> all = leads ? OF_THE_COORDINATOR : OF_A_NODE;
      int pause = leads ? MOST_PAUSE_OF_THE_COORDINATOR : MOST_PAUSE_OF_A_NODE;
      List<Kind> kinds = all.stream().filter(kind -> fills || kind != Kind.FILL).toList();
      Thread lane = new Thread(() -> disturb(actor, kinds, pause, own), "chaos-" + actor.name());
      lane.setDaemon(true);
      lanes.add(lane);
    }
  }

  void start() {
    lanes.forEach(Thread::start);
  }

  private void disturb(Actor actor, List<Kind> kinds, int mostPause, SplittableRandom random) {
    try {
      while (true) {
        Disturbance next = Disturbance.next(kinds, mostPause, random);
        Thread.sleep(next.pause().toMillis());
        if (!actor.program().isAlive()) {
          fault(actor.name() + " ended by itself");
          return;
        }
        if (!allowed()) {
          return;
        }
        count(actor, next);
        actor.disturb(next);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (IOException | RuntimeException e) {
      fault(actor.name() + " could not be disturbed: " + e);
    }
  }

  private synchronized boolean allowed() {
    return more.getAsBoolean();
  }

  private synchronized void fault(String fault) {
    faults.add(fault);
  }

  private synchronized void count(Actor actor, Disturbance next) {
    counts.merge(next.kind(), 1, Integer::sum);
    tell.accept(
        "%s: %s, %d ms, %d"
            .formatted(actor.name(), next.kind().word(), next.span().toMillis(), next.size()));
  }

  /** Whether no disturbance follows and all have ended. */
  boolean done() {
    return lanes.stream().noneMatch(Thread::isAlive);
  }

  /** How many disturbances there were, by kind. */
  synchronized Map<Kind, Integer> counts() {
    return new EnumMap<>(counts);
  }

  synchronized int total() {
    return counts.values().stream().mapToInt(Integer::intValue).sum();
  }

  /** What went wrong with the disturbances themselves. */
  synchronized List<String> faults() {
    return List.copyOf(faults);
  }

  /** Ends all disturbances, and returns when every process goes on. */
  void stop() throws InterruptedException {
    for (Thread lane : lanes) {
      lane.interrupt();
      lane.join();
    }
  }
}
