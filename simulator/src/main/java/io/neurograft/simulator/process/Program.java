package io.neurograft.simulator;

import io.neurograft.simulator.command.Neurograft;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Neurograft as a process of its own, with what it writes to stdout and stderr in two files. */
final class Program implements AutoCloseable {
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

  /** Starts a command, in a small Java virtual machine like the one of this test. */
  static Program start(Path folder, String name, List<String> arguments) throws IOException {
    Path out = Files.createTempFile(folder, name + "-", ".out");
    Path err = Files.createTempFile(folder, name + "-", ".err");
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-Xmx256m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"));
    command.addAll(List.of("-Dfile.encoding=UTF-8", "--enable-native-access=ALL-UNNAMED"));
    command.add(Neurograft.class.getName());
    command.addAll(arguments);
    ProcessBuilder builder =
        new ProcessBuilder(command).redirectOutput(out.toFile()).redirectError(err.toFile());
    String tests = System.getProperty("java.class.path");
    builder.environment().put("CLASSPATH", System.getProperty("surefire.test.class.path", tests));
    return new Program(name, out, err, builder.start());
  }

  /** Waits until the program has said something, in its log or beside it. */
  Program await(String words) throws InterruptedException {
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

  /** Waits for the end, and tells the exit code. */
  int exitCode() throws InterruptedException {
    if (!process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
      throw failure("did not end");
    }
    return process.exitValue();
  }

  /** All of stdout so far. */
  String answer() {
    return read(out);
  }

  /** All of stderr so far. */
  String log() {
    return read(err);
  }

  /** SIGTERM, as a service manager sends it; returns how long the end took. */
  Duration terminate() throws InterruptedException {
    long start = System.nanoTime();
    process.destroy();
    exitCode();
    return Duration.ofNanos(System.nanoTime() - start);
  }

  /** SIGKILL: no hook runs, nothing is flushed. */
  void kill() {
    process.destroyForcibly().onExit().join();
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
