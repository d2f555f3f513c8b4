package io.neurograft.simulator.process;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Neurograft as a process of its own, with what it writes to stdout and stderr in two files. */
public final class Program implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private final String name;
  private final Path out;
  private final Path err;
  private final Process process;

  private Program(String name, Path out, Path err, Process process) {
    this.name = name;
    this.out = out;
    this.err = err;
    this.process = process;
  }

  /**
   * Starts a main class of this program's class path, in a small Java virtual machine.
   *
   * @param folder where its two files are made, with names that begin with its own
   * @param settings more options for the virtual machine
   * @throws IOException if it cannot be started
   */
  public static Program start(
      Path folder, String name, List<String> settings, String mainClass, List<String> arguments)
      throws IOException {
    Path out = Files.createTempFile(folder, name + "-", ".out");
    Path err = Files.createTempFile(folder, name + "-", ".err");
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-Xmx256m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"));
    command.addAll(List.of("-Dfile.encoding=UTF-8", "--enable-native-access=ALL-UNNAMED"));
    command.addAll(settings);
    command.add(mainClass);
    command.addAll(arguments);
    ProcessBuilder builder =
        new ProcessBuilder(command).redirectOutput(out.toFile()).redirectError(err.toFile());
    String own = System.getProperty("java.class.path");
    builder.environment().put("CLASSPATH", System.getProperty("surefire.test.class.path", own));
    builder.environment().put("OPT_OUT_TRACKING", "true");
    return new Program(name, out, err, builder.start());
  }

  /**
   * Waits until the program has said something, in its log or beside it.
   *
   * @throws AssertionError if it does not within a minute, or ends before; with its log
   */
  public Program await(String words) throws InterruptedException {
    long end = System.nanoTime() + PATIENCE.toNanos();
    while (!log().contains(words)) {
      if (!process.isAlive() && !log().contains(words)) {
        throw failure("ended without the words \"" + words + "\"");
      }
      if (System.nanoTime() > end) {
        throw failure("did not say \"" + words + "\"");
      }
      Thread.sleep(20);
    }
    return this;
  }

  /** Whether it has not ended. */
  public boolean isAlive() {
    return process.isAlive();
  }

  /**
   * Waits for the end, and tells the exit code.
   *
   * @throws AssertionError if it does not end within a minute; with its log
   */
  public int exitCode() throws InterruptedException {
    return exitCode(PATIENCE);
  }

  /**
   * Waits for the end, and tells the exit code.
   *
   * @throws AssertionError if it does not end within so long; with its log
   */
  public int exitCode(Duration patience) throws InterruptedException {
    if (!process.waitFor(patience.toSeconds(), TimeUnit.SECONDS)) {
      throw failure("did not end");
    }
    return process.exitValue();
  }

  /** All of stdout so far. */
  public String answer() {
    return read(out);
  }

  /** All of stderr so far. */
  public String log() {
    return read(err);
  }

  /** The file of stderr. */
  public Path logFile() {
    return err;
  }

  /** SIGTERM, as a service manager sends it; returns how long the end took. */
  public Duration terminate() throws InterruptedException {
    long start = System.nanoTime();
    process.toHandle().destroy(); // the process's own method would close its streams as well
    exitCode();
    return Duration.ofNanos(System.nanoTime() - start);
  }

  /** SIGKILL: no hook runs, nothing is flushed. */
  public void kill() {
    process.destroyForcibly().onExit().join();
  }

  /**
   * Sends a signal by its name, such as {@code STOP} or {@code CONT}; a process that has ended
   * hears nothing.
   */
  public void signal(String signal) throws IOException, InterruptedException {
    new ProcessBuilder("kill", "-" + signal, Long.toString(process.pid()))
        .redirectErrorStream(true)
        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
        .start()
        .waitFor();
  }

  @Override
  public void close() {
    kill();
  }

  private AssertionError failure(String what) {
    return new AssertionError(name + " " + what + "; its log:\n" + log());
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
