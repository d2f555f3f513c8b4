package io.neurograft.simulator.bench.transfer;

import io.neurograft.neural.Progress;
import io.neurograft.proto.channel.Endpoint;
import io.neurograft.proto.channel.TlsSettings;
import io.neurograft.proto.v1.Artifact;
import io.neurograft.simulator.bench.transfer.Stopwatch.Lap;
import io.neurograft.simulator.bench.transfer.Stopwatch.Step;
import io.neurograft.simulator.process.CoordinatorProcess;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.GeneralSecurityException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * Measures transfers between sites in this process and a coordinator in another, beside a raw TCP
 * copy. The floors and the cases of one stream are measured in turns, so that whatever else slows
 * the machine slows all of them.
 */
public final class TransferBenchmark {
  private static final String MEMORY = "TCP copy, memory to memory";
  private static final String FILES = "TCP copy, file to file, forced";
  private static final int ROUND_SITES = 2;

  private final TransferPlan plan;
  private final Path folder;
  private final Progress progress;
  private final Stopwatch watch;
  private final Map<String, List<Lap>> laps = new LinkedHashMap<>();
  private long seed = 1;

  private TransferBenchmark(TransferPlan plan, Path folder, Progress progress, Stopwatch watch) {
    this.watch = watch;
    this.plan = plan;
    this.folder = folder;
    this.progress = progress;
  }

  /**
   * Runs the plan.
   *
   * @param program the main class, which knows the command {@code coordinator}
   * @param heapMebibytes the coordinator's largest heap
   * @param folder for everything that is sent and stored; empty, and left as it is when this ends
   */
  public static List<TransferTiming> run(
      TransferPlan plan, String program, int heapMebibytes, Path folder, Progress progress)
      throws IOException, InterruptedException, GeneralSecurityException {
    BenchCertificate certificate = BenchCertificate.make(folder);
    try (CoordinatorProcess plain =
            CoordinatorProcess.start(program, folder.resolve("plain"), heapMebibytes, "");
        CoordinatorProcess secured =
            CoordinatorProcess.start(
                program, folder.resolve("tls"), heapMebibytes, certificate.configuration())) {
      TransferBenchmark benchmark =
          new TransferBenchmark(plan, folder, progress, new Stopwatch(List.of(plain, secured)));
      List<TransferTiming> timings = new ArrayList<>();
      timings.addAll(benchmark.streams(plain, secured, certificate.settings()));
      if (plan.roundSize() > 0) {
        timings.add(benchmark.round(plain));
      }
      if (plan.sites() > 0) {
        timings.add(benchmark.sites(plain));
      }
      if (plan.largeSize() > 0) {
        timings.addAll(benchmark.large(plain));
      }
      return timings;
    }
  }

  /** The floors, and one stream each way, in plain text and with TLS. */
  private List<TransferTiming> streams(
      CoordinatorProcess plain, CoordinatorProcess secured, TlsSettings tls)
      throws IOException, InterruptedException {
    try (Stream open = new Stream("plain text", plain, Optional.empty());
        Stream closed = new Stream("TLS", secured, Optional.of(tls))) {
      int all = plan.warmUps() + plan.repeats();
      for (int lap = 0; lap < all; lap++) {
        int repeat = lap - plan.warmUps() + 1;
        String of = repeat < 1 ? "warming up" : repeat + " of " + plan.repeats();
        progress.report(0.4 * lap / all, "one stream, " + of);
        measureFloors(open);
        open.measure();
        closed.measure();
      }
      List<TransferTiming> timings = new ArrayList<>();
      for (String name : laps.keySet()) {
        CoordinatorProcess server = name.contains("TLS") ? secured : plain;
        boolean floor = name.equals(MEMORY) || name.equals(FILES);
        timings.add(
            timing(
                name,
                1,
                plan.size(),
                measured(name),
                floor ? Optional.empty() : Optional.of(server)));
      }
      return timings;
    }
  }

  private void measureFloors(Stream stream) throws IOException, InterruptedException {
    Artifact artifact = stream.sender.make(plan.size(), seed++);
    Path copy = folder.resolve("copy");
    note(MEMORY, () -> TcpCopy.memory(plan.size()));
    takeMemory(plan.size());
    Path file = stream.sender.file(artifact);
    note(FILES, () -> TcpCopy.file(file, copy));
    Files.delete(copy);
    stream.sender.delete(artifact);
  }

  /** Two sites get a model and send what they made of it, at once. */
  private TransferTiming round(CoordinatorProcess server) throws IOException, InterruptedException {
    progress.report(0.4, "a round of two sites");
    Endpoint at = server.awaitEndpoint();
    try (Site maker = site("maker", at, Optional.empty())) {
      Artifact model = maker.make(plan.roundSize(), seed++);
      maker.upload(model);
      maker.delete(model);
      List<Artifact> own = new ArrayList<>();
      List<Site> sites = new ArrayList<>();
      try {
        for (int i = 0; i < ROUND_SITES; i++) {
          sites.add(site("round-" + i, at, Optional.empty()));
          own.add(sites.get(i).make(plan.roundSize(), seed++));
        }
        server.resetPeaks();
        takeMemory(2 * ROUND_SITES * plan.roundSize());
        Lap time =
            atOnce(
                ROUND_SITES,
                i -> {
                  sites.get(i).download(model);
                  sites.get(i).upload(own.get(i));
                });
        for (int i = 0; i < ROUND_SITES; i++) {
          sites.get(i).delete(own.get(i));
          sites.get(i).delete(model);
          server.delete(own.get(i).getDigest());
        }
        server.delete(model.getDigest());
        return timing(
            "a round: every site fetches and sends",
            ROUND_SITES,
            2 * ROUND_SITES * plan.roundSize(),
            List.of(time),
            Optional.of(server));
      } finally {
        sites.forEach(Site::close);
      }
    }
  }

  /** Many sites send at once. */
  private TransferTiming sites(CoordinatorProcess server) throws IOException, InterruptedException {
    Endpoint at = server.awaitEndpoint();
    List<Site> sites = new ArrayList<>();
    List<Artifact> own = new ArrayList<>();
    try {
      for (int i = 0; i < plan.sites(); i++) {
        progress.report(0.5 + 0.2 * i / plan.sites(), "making what the sites send");
        sites.add(site("site-" + i, at, Optional.empty()));
        own.add(sites.get(i).make(plan.siteSize(), seed++));
      }
      progress.report(0.7, plan.sites() + " sites send at once");
      server.resetPeaks();
      Lap time = atOnce(plan.sites(), i -> sites.get(i).upload(own.get(i)));
      for (int i = 0; i < plan.sites(); i++) {
        sites.get(i).delete(own.get(i));
        server.delete(own.get(i).getDigest());
      }
      return timing(
          "sites that send at once",
          plan.sites(),
          plan.sites() * plan.siteSize(),
          List.of(time),
          Optional.of(server));
    } finally {
      sites.forEach(Site::close);
    }
  }

  /** One large artifact each way. */
  private List<TransferTiming> large(CoordinatorProcess server)
      throws IOException, InterruptedException {
    try (Site sender = site("large-from", server.awaitEndpoint(), Optional.empty());
        Site receiver = site("large-to", server.awaitEndpoint(), Optional.empty())) {
      progress.report(0.85, "a large artifact");
      Artifact artifact = sender.make(plan.largeSize(), seed++);
      server.resetPeaks();
      Lap up = watch.time(() -> sender.upload(artifact));
      TransferTiming sent =
          timing("large upload", 1, plan.largeSize(), List.of(up), Optional.of(server));
      sender.delete(artifact);
      server.resetPeaks();
      Lap down = watch.time(() -> receiver.download(artifact));
      TransferTiming fetched =
          timing("large download", 1, plan.largeSize(), List.of(down), Optional.of(server));
      receiver.delete(artifact);
      server.delete(artifact.getDigest());
      return List.of(sent, fetched);
    }
  }

  /**
   * Takes memory for files from the system and gives it back. A virtual machine has its free memory
   * from its host, which takes longer than the copy that is measured; so it is fetched before.
   */
  private void takeMemory(long bytes) throws IOException {
    Path file = folder.resolve("memory");
    ByteBuffer block = ByteBuffer.allocateDirect(1 << 20);
    try (FileChannel out =
        FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
      for (long done = 0; done < bytes; done += block.capacity()) {
        out.write(block.clear());
      }
    }
    Files.delete(file);
  }

  private Site site(String name, Endpoint coordinator, Optional<TlsSettings> tls)
      throws IOException {
    return Site.open(folder.resolve(name), coordinator, tls);
  }

  private void note(String name, Step step) throws IOException, InterruptedException {
    laps.computeIfAbsent(name, key -> new ArrayList<>()).add(watch.time(step));
  }

  /** Without those that warmed up. */
  private List<Lap> measured(String name) {
    List<Lap> all = laps.getOrDefault(name, List.of());
    return all.subList(Math.min(plan.warmUps(), all.size()), all.size());
  }

  private TransferTiming timing(
      String name, int streams, long bytes, List<Lap> times, Optional<CoordinatorProcess> server)
      throws IOException {
    TransferTiming bare = timing(name, streams, bytes, times);
    return new TransferTiming(
        name,
        streams,
        bytes,
        times.stream().map(Lap::seconds).toList(),
        times.stream().map(Lap::cpuSeconds).toList(),
        server.isEmpty() ? OptionalDouble.empty() : OptionalDouble.of(bare.rate() / rate(MEMORY)),
        server.isEmpty() ? OptionalDouble.empty() : OptionalDouble.of(bare.rate() / rate(FILES)),
        server.isEmpty() ? OptionalLong.empty() : server.get().peakHeap(),
        server.isEmpty() ? OptionalLong.empty() : server.get().peakMemory());
  }

  private double rate(String floor) {
    return timing(floor, 1, plan.size(), measured(floor)).rate();
  }

  private static TransferTiming timing(String name, int streams, long bytes, List<Lap> times) {
    return new TransferTiming(
        name,
        streams,
        bytes,
        times.stream().map(Lap::seconds).toList(),
        times.stream().map(Lap::cpuSeconds).toList(),
        OptionalDouble.empty(),
        OptionalDouble.empty(),
        OptionalLong.empty(),
        OptionalLong.empty());
  }

  private interface Part {
    void run(int i) throws IOException, InterruptedException;
  }

  /** Runs so many parts side by side and tells how long it took until the last one was done. */
  private Lap atOnce(int parts, Part part) throws IOException, InterruptedException {
    ExecutorService threads = Executors.newFixedThreadPool(parts);
    try {
      List<Callable<Void>> calls = new ArrayList<>();
      for (int i = 0; i < parts; i++) {
        int index = i;
        calls.add(
            () -> {
              part.run(index);
              return null;
            });
      }
      return watch.time(
          () -> {
            for (Future<Void> done : threads.invokeAll(calls)) {
              try {
                done.get();
              } catch (ExecutionException e) {
                throw e.getCause() instanceof IOException failure ? failure : new IOException(e);
              }
            }
          });
    } finally {
      threads.shutdownNow();
    }
  }

  /** One connection on which an artifact is sent and another site fetches it. */
  private final class Stream implements AutoCloseable {
    private final String how;
    private final CoordinatorProcess server;
    private final Site sender;
    private final Site receiver;

    Stream(String how, CoordinatorProcess server, Optional<TlsSettings> tls)
        throws IOException, InterruptedException {
      Endpoint coordinator = server.awaitEndpoint();
      this.how = how;
      this.server = server;
      this.sender = site(how + "-from", coordinator, tls);
      this.receiver = site(how + "-to", coordinator, tls);
    }

    void measure() throws IOException, InterruptedException {
      Artifact artifact = sender.make(plan.size(), seed++);
      takeMemory(plan.size());
      note("upload, " + how, () -> sender.upload(artifact));
      sender.delete(artifact);
      takeMemory(plan.size());
      note("download, " + how, () -> receiver.download(artifact));
      receiver.delete(artifact);
      server.delete(artifact.getDigest());
    }

    @Override
    public void close() {
      sender.close();
      receiver.close();
    }
  }
}
