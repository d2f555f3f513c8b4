package io.neurograft.simulator.chaos;

import io.neurograft.simulator.process.Program;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The coordinator or a node: a process that is started again and again on the same folder, its
 * disk, its clock, and for a node its wire.
 */
final class Actor implements AutoCloseable {
  private final String name;
  private final String role;
  private final Path folder;
  private final Disk disk;
  private final Optional<Wire> wire;
  private final List<Program> programs = new ArrayList<>();

  /**
   * @param role {@code coordinator} or {@code node}
   * @param folder where its configuration, its clock and its logs lie
   */
  Actor(String name, String role, Path folder, Disk disk, Optional<Wire> wire) throws IOException {
    this.name = name;
    this.role = role;
    this.folder = folder;
    this.disk = disk;
    this.wire = wire;
    Files.createDirectories(temporary());
    setClock(0);
  }

  String name() {
    return name;
  }

  /** Where the process keeps everything that must survive it. */
  Path state() {
    return disk.state();
  }

  /** Where the process may put what need not survive it. */
  Path temporary() {
    return folder.resolve(name + ".tmp");
  }

  /** Writes its configuration; for the next start. */
  void configure(String text) throws IOException {
    Files.writeString(configuration(), text);
  }

  /** Starts the process; does not wait until it is ready. */
  synchronized Program start() throws IOException {
    Program program =
        Program.start(
            folder,
            name,
            List.of("-Djava.io.tmpdir=" + temporary(), "-XX:+DisplayVMOutputToStderr"),
            ChaosProgram.class.getName(),
            List.of(role, configuration().toString(), clock().toString()));
    programs.add(program);
    return program;
  }

  /** The process as it was started last. */
  synchronized Program program() {
    return programs.get(programs.size() - 1);
  }

  /** All that its processes have logged. */
  synchronized List<Path> logs() {
    return programs.stream().map(Program::logFile).toList();
  }

  /** Disturbs it for as long as the disturbance lasts. */
  void disturb(Disturbance disturbance) throws IOException, InterruptedException {
    switch (disturbance.kind()) {
      case KILL -> {
        program().kill();
        last(disturbance, this::startAgain);
      }
      case STOP -> {
        program().signal("STOP");
        last(disturbance, () -> program().signal("CONT"));
      }
      case FILL -> {
        disk.fill();
        last(disturbance, disk::free);
      }
      case CLOCK -> setClock(disturbance.size());
      case CUT -> line().cut();
      case SWALLOW -> line().swallow();
      case BREAKDOWN -> {
        line().breakDown();
        last(disturbance, line()::mend);
      }
      case DELAY -> {
        line().delay(Duration.ofMillis(disturbance.size()));
        last(disturbance, line()::mend);
      }
      case THROTTLE -> {
        line().throttle((int) disturbance.size());
        last(disturbance, line()::mend);
      }
    }
  }

  private interface End {
    void run() throws IOException, InterruptedException;
  }

  /** However the wait ends, the disturbance does as well. */
  private static void last(Disturbance disturbance, End end)
      throws IOException, InterruptedException {
    try {
      Thread.sleep(disturbance.span().toMillis());
    } finally {
      boolean interrupted = Thread.interrupted();
      end.run();
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  private void startAgain() throws IOException {
    start();
  }

  /** Sets its wall clock so many milliseconds before or behind the machine's. */
  void setClock(long offsetMillis) throws IOException {
    Path next = Files.writeString(folder.resolve(name + ".clock.new"), Long.toString(offsetMillis));
    Files.move(next, clock(), StandardCopyOption.ATOMIC_MOVE);
  }

  private Wire line() {
    return wire.orElseThrow(() -> new IllegalStateException(name + " has no wire"));
  }

  private Path configuration() {
    return folder.resolve(name + ".yaml");
  }

  private Path clock() {
    return folder.resolve(name + ".clock");
  }

  @Override
  public synchronized void close() throws IOException {
    programs.forEach(Program::close);
    if (wire.isPresent()) {
      wire.get().close();
    }
    disk.close();
  }
}
