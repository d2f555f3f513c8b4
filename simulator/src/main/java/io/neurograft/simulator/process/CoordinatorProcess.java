package io.neurograft.simulator.process;

import io.neurograft.proto.channel.Endpoint;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The coordinator program in a process of its own, with the Java options of this one but a heap of
 * its own.
 */
public final class CoordinatorProcess implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final Pattern LISTENS = Pattern.compile("coordinator listens on .*, port (\\d+)");

  /** How a collection is logged: what was in use before and after it, and the heap's size. */
  private static final Pattern COLLECTION = Pattern.compile("(\\d+)M->(\\d+)M\\((\\d+)M\\)");

  private final Process process;
  private final Path folder;
  private final Path log;
  private final Path collections;
  private int collectionsSeen;

  private CoordinatorProcess(Process process, Path folder, Path log, Path collections) {
    this.process = process;
    this.folder = folder;
    this.log = log;
    this.collections = collections;
  }

  /**
   * Starts a coordinator.
   *
   * @param program the main class, which knows the command {@code coordinator}
   * @param folder is made; holds all of the coordinator
   * @param heapMebibytes the largest heap
   * @param tls lines of its configuration for TLS; empty for plain text
   */
  public static CoordinatorProcess start(String program, Path folder, int heapMebibytes, String tls)
      throws IOException {
    Files.createDirectories(folder);
    Path configuration = folder.resolve("coordinator.yaml");
    Files.writeString(configuration, "listen: 127.0.0.1:0\nfolder: data\ndevice: cpu\n" + tls);
    Path log = folder.resolve("log.txt");
    Path collections = folder.resolve("collections.txt");
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(ManagementFactory.getRuntimeMXBean().getInputArguments());
    command.add("-Xmx" + heapMebibytes + "m");
    command.add("-Xlog:gc:file=" + collections);
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), program));
    command.addAll(List.of("coordinator", "--config", configuration.toString()));
    Process process =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile()).start();
    // Where this program is told to end, nobody closes it.
    Runtime.getRuntime().addShutdownHook(new Thread(process::destroy, "coordinator-end"));
    return new CoordinatorProcess(process, folder, log, collections);
  }

  /** Where it listens; waits until it does. */
  public Endpoint awaitEndpoint() throws IOException, InterruptedException {
    long end = System.nanoTime() + PATIENCE.toNanos();
    while (true) {
      boolean alive = process.isAlive();
      Matcher listens = LISTENS.matcher(Files.readString(log));
      if (listens.find()) {
        return new Endpoint("127.0.0.1", Integer.parseInt(listens.group(1)));
      }
      if (!alive || System.nanoTime() > end) {
        throw new IOException("the coordinator did not start:\n" + Files.readString(log));
      }
      Thread.sleep(20);
    }
  }

  /** The processor time that it took so far. */
  public Duration cpuTime() {
    return process.info().totalCpuDuration().orElse(Duration.ZERO);
  }

  /**
   * Deletes an artifact of this digest behind the coordinator's back, so that the disk does not
   * fill.
   */
  public void delete(String digest) throws IOException {
    Files.delete(folder.resolve("data").resolve("artifacts").resolve(digest));
  }

  /** Lets the peaks begin anew. */
  public void resetPeaks() throws IOException {
    collectionsSeen = used().size();
    new PeakMemory(process.pid()).reset();
  }

  /** The most of the heap in use at a collection since the last reset, in MiB. */
  public OptionalLong peakHeap() throws IOException {
    return used().stream().skip(collectionsSeen).mapToLong(Long::longValue).max();
  }

  /** The most resident memory since the last reset, in MiB; empty on other systems than Linux. */
  public OptionalLong peakMemory() {
    return new PeakMemory(process.pid()).mebibytes();
  }

  private List<Long> used() throws IOException {
    Matcher matcher = COLLECTION.matcher(Files.readString(collections));
    List<Long> used = new ArrayList<>();
    while (matcher.find()) {
      used.add(Long.parseLong(matcher.group(1)));
    }
    return used;
  }

  @Override
  public void close() {
    process.destroy();
    try {
      if (!process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }
}
