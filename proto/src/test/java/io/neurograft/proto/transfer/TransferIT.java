package io.neurograft.proto.transfer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.Server;
import io.grpc.ServerStreamTracer;
import io.grpc.Status;
import io.neurograft.proto.artifact.ArtifactFolder;
import io.neurograft.proto.artifact.Digest;
import io.neurograft.proto.artifact.Packing;
import io.neurograft.proto.channel.Channels;
import io.neurograft.proto.channel.Endpoint;
import io.neurograft.proto.v1.Artifact;
import io.neurograft.proto.v1.ArtifactKind;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Transfers over a real connection on loopback, with the limits that production has. */
@Timeout(60)
class TransferIT {
  private static final int MIB = 1 << 20;

  /** Shorter than in production, so that nobody waits. */
  private static final Duration STALL = Duration.ofMillis(500);

  private static final Duration LONGEST_UPLOAD = Duration.ofSeconds(3);

  private static final Packing PLAIN = Packing.NONE;

  @TempDir Path temporary;
  private ArtifactFolder theirs;
  private ArtifactFolder ours;
  private final Map<Digest, ArtifactKind> known = new ConcurrentHashMap<>();
  private final Set<Digest> elsewhere = ConcurrentHashMap.newKeySet();
  private final AtomicLong receivedThere = new AtomicLong();
  private volatile long slowness;
  private final BlockingQueue<Status.Code> ends = new LinkedBlockingQueue<>();
  private Server server;
  private ManagedChannel channel;

  @BeforeEach
  void start() throws IOException {
    theirs = ArtifactFolder.open(temporary.resolve("coordinator"));
    ours = ArtifactFolder.open(temporary.resolve("site"));
    server =
        Channels.server(new Endpoint("127.0.0.1", 0), Optional.empty())
            .addService(
                new ArtifactEndpoint(
                    theirs,
                    new Catalog(),
                    slowed(receivedThere),
                    STALL,
                    LONGEST_UPLOAD,
                    ArtifactEndpoint.newTimer()))
            .addStreamTracerFactory(new Endings())
            .build()
            .start();
    channel = channel();
  }

  /** Notes how each call ended, as the coordinator sees it. */
  private final class Endings extends ServerStreamTracer.Factory {
    @Override
    public ServerStreamTracer newServerStreamTracer(String method, Metadata headers) {
      return new ServerStreamTracer() {
        @Override
        public void streamClosed(Status status) {
          ends.add(status.getCode());
        }
      };
    }
  }

  private ManagedChannel channel() {
    return Channels.client(new Endpoint("127.0.0.1", server.getPort()), Optional.empty()).build();
  }

  @AfterEach
  void stop() {
    channel.shutdownNow();
    server.shutdownNow();
  }

  @Test
  void upload_storedElsewhere_sendsNothing() throws Exception {
    Artifact artifact = make(ours, 3 * MIB, 1);
    elsewhere.add(new Digest(artifact.getDigest()));

    client(ours, TransferMeter.NONE).upload(artifact, PLAIN);

    assertThat(receivedThere).hasValue(0);
    assertThat(theirs.contains(new Digest(artifact.getDigest()))).isFalse();
    assertThat(temporary.resolve("coordinator/incoming")).isEmptyDirectory();
  }

  @Test
  void upload_thenDownload_bringsTheSameBytes() throws Exception {
    Artifact artifact = make(ours, 40 * MIB + 17, 1);

    client(ours, TransferMeter.NONE).upload(artifact, PLAIN);
    assertThat(theirs.contains(new Digest(artifact.getDigest()))).isTrue();
    assertThat(receivedThere).hasValue(artifact.getSize());

    ArtifactFolder another = ArtifactFolder.open(temporary.resolve("another"));
    client(another, TransferMeter.NONE).download(artifact, PLAIN);
    assertThat(Digest.of(another.find(new Digest(artifact.getDigest())).orElseThrow()).hex())
        .isEqualTo(artifact.getDigest());
  }

  @Test
  void upload_whatIsThere_sendsNothing() throws Exception {
    Artifact artifact = make(ours, 3 * MIB, 2);
    client(ours, TransferMeter.NONE).upload(artifact, PLAIN);
    receivedThere.set(0);

    client(ours, TransferMeter.NONE).upload(artifact, PLAIN);

    assertThat(receivedThere).hasValue(0);
  }

  @Test
  void transfers_thatWentWell_endWellForTheCoordinatorToo() throws Exception {
    ArtifactFolder another = ArtifactFolder.open(temporary.resolve("another"));
    int rounds = 100;
    for (int i = 0; i < rounds; i++) {
      Artifact artifact = make(ours, 1000 + i, 100 + i);
      client(ours, TransferMeter.NONE).upload(artifact, PLAIN);
      client(ours, TransferMeter.NONE).upload(artifact, PLAIN); // it has it already
      client(another, TransferMeter.NONE).download(artifact, PLAIN);
    }
    for (int i = 0; i < 3 * rounds; i++) {
      assertThat(ends.poll(20, TimeUnit.SECONDS)).as("call %d", i).isEqualTo(Status.Code.OK);
    }
  }

  /** Its sender connects anew, so that whether it may go on is asked again; no chunk is lost. */
  @Test
  void upload_takesLong_isAskedToBeginAnewAndGoesOn() throws Exception {
    slowness = 200;
    Artifact artifact = make(ours, 20 * MIB, 31);
    assertThatThrownBy(() -> client(ours, TransferMeter.NONE).upload(artifact, PLAIN))
        .isInstanceOf(TransferException.class)
        .hasMessageContaining("an upload goes on for at most 3 s at a time")
        .matches(e -> ((TransferException) e).retryable());
    assertThat(receivedThere.get()).isBetween(1L, artifact.getSize() - 1);
    slowness = 0;
    client(ours, TransferMeter.NONE).upload(artifact, PLAIN);
    assertThat(theirs.contains(new Digest(artifact.getDigest()))).isTrue();
    assertThat(receivedThere).hasValue(artifact.getSize());
  }

  @Test
  void upload_interrupted_goesOnWhereItBrokeOff() throws Exception {
    Artifact artifact = make(ours, 30 * MIB, 3);
    interruptAfter(10 * MIB, meter -> client(ours, meter).upload(artifact, PLAIN), false);
    long before = receivedThere.get();
    assertThat(before).isBetween(1L, artifact.getSize() - 1);

    client(ours, TransferMeter.NONE).upload(artifact, PLAIN);

    assertThat(theirs.contains(new Digest(artifact.getDigest()))).isTrue();
    // Every byte arrived exactly once.
    assertThat(receivedThere).hasValue(artifact.getSize());
  }

  @Test
  void download_interrupted_goesOnWhereItBrokeOff() throws Exception {
    Artifact artifact = make(theirs, 30 * MIB, 4);
    known.put(new Digest(artifact.getDigest()), artifact.getKind());
    AtomicLong received = new AtomicLong();
    interruptAfter(
        10 * MIB, meter -> client(ours, both(meter, received)).download(artifact, PLAIN), true);
    assertThat(received.get()).isBetween(1L, artifact.getSize() - 1);

    client(ours, counter(received)).download(artifact, PLAIN);

    assertThat(ours.contains(new Digest(artifact.getDigest()))).isTrue();
    assertThat(received).hasValue(artifact.getSize());
  }

  @Test
  void upload_slowReceiver_keepsOnlyAFewChunksUnderWay() throws Exception {
    Artifact artifact = make(ours, 40 * MIB, 9);
    AtomicLong most = new AtomicLong();
    AtomicLong sent = new AtomicLong();
    slowness = 10;
    TransferMeter meter =
        new TransferMeter() {
          @Override
          public void received(int bytes) {}

          @Override
          public void sent(int bytes) {
            long underWay = sent.addAndGet(bytes) - receivedThere.get();
            most.accumulateAndGet(underWay, Math::max);
          }
        };

    client(ours, meter).upload(artifact, PLAIN);

    // The window of the stream (4 MiB), what waits in front of it, and what is being written.
    assertThat(most.get()).isBetween((long) MIB, 8L * MIB);
  }

  @Test
  void upload_severalAtOnceOfOneAndOfMany_allArriveOnce() throws Exception {
    Artifact shared = make(ours, 5 * MIB, 5);
    List<Callable<Void>> uploads = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      Artifact own = make(ours, 5 * MIB, 10 + i);
      uploads.add(() -> upload(own));
      uploads.add(() -> upload(shared));
    }

    ExecutorService threads = Executors.newFixedThreadPool(uploads.size());
    try {
      for (Future<Void> upload : threads.invokeAll(uploads)) {
        upload.get();
      }
    } finally {
      threads.shutdownNow();
    }

    assertThat(receivedThere).hasValue(4 * 5 * MIB);
    assertThat(known).hasSize(4);
  }

  /** A stream that went silent holds its turn only until another one asks for it. */
  @Test
  void upload_ownOlderStreamIsHalfDead_takesOverWhatItStored() throws Exception {
    Artifact artifact = make(ours, 12 * MIB, 30);
    SilentUpload silent = new SilentUpload(channel(), artifact, ours, 5);
    silent.awaitStored(5L * MIB, receivedThere);

    client(ours, TransferMeter.NONE).upload(artifact, PLAIN);

    assertThat(theirs.contains(new Digest(artifact.getDigest()))).isTrue();
    assertThat(receivedThere).hasValue(artifact.getSize());
    assertThat(silent.end().getCode()).isEqualTo(io.grpc.Status.Code.ABORTED);
  }

  @Test
  void upload_olderStreamBreaksWhileAnotherWaits_theOtherGoesOn() throws Exception {
    Artifact artifact = make(ours, 12 * MIB, 31);
    ManagedChannel first = channel();
    SilentUpload silent = new SilentUpload(first, artifact, ours, 3);
    silent.awaitStored(3L * MIB, receivedThere);
    ExecutorService thread = Executors.newSingleThreadExecutor();
    try {
      Future<Void> waits = thread.submit(() -> upload(artifact));
      first.shutdownNow();
      waits.get();
    } finally {
      thread.shutdownNow();
    }
    assertThat(receivedThere).hasValue(artifact.getSize());
  }

  @Test
  void zstd_bothWays_bringsTheSameBytesWithFewerOnTheWire() throws Exception {
    byte[] bytes = PartMarshallerTest.compressible(40, 9 * MIB + 12345);
    Artifact artifact = make(ours, bytes);
    client(ours, TransferMeter.NONE).upload(artifact, Packing.ZSTD);
    assertThat(receivedThere.get()).isBetween(1L, bytes.length / 2L);

    ArtifactFolder another = ArtifactFolder.open(temporary.resolve("another"));
    AtomicLong received = new AtomicLong();
    client(another, counter(received)).download(artifact, Packing.ZSTD);
    assertThat(received.get()).isBetween(1L, bytes.length / 2L);
    assertThat(another.find(new Digest(artifact.getDigest())).orElseThrow())
        .hasBinaryContent(bytes);
  }

  /** Chunks are cut from the offset on, wherever that is. */
  @Test
  void zstd_resumedAtAnyOffset_bringsTheSameBytes() throws Exception {
    byte[] bytes = PartMarshallerTest.compressible(41, 3 * MIB + 777);
    Artifact artifact = make(ours, bytes);
    Digest digest = new Digest(artifact.getDigest());
    Random random = new Random(42);
    for (int i = 0; i < 8; i++) {
      int stored = random.nextInt(bytes.length);
      Path partial = temporary.resolve("coordinator/incoming/" + digest.hex() + ".part");
      Files.write(partial, java.util.Arrays.copyOf(bytes, stored));
      client(ours, TransferMeter.NONE).upload(artifact, Packing.ZSTD);
      assertThat(theirs.find(digest).orElseThrow()).hasBinaryContent(bytes);

      ArtifactFolder another = ArtifactFolder.open(temporary.resolve("another-" + i));
      Files.write(
          temporary.resolve("another-" + i + "/incoming/" + digest.hex() + ".part"),
          java.util.Arrays.copyOf(bytes, stored));
      client(another, TransferMeter.NONE).download(artifact, Packing.ZSTD);
      assertThat(another.find(digest).orElseThrow()).hasBinaryContent(bytes);
      theirs.delete(digest);
      known.put(digest, artifact.getKind());
    }
  }

  @Test
  void upload_announcedWithTheWrongDigest_isRefusedAsDataLoss() throws Exception {
    Artifact artifact = make(ours, 2 * MIB, 6);
    Path file = ours.find(new Digest(artifact.getDigest())).orElseThrow();
    byte[] bytes = Files.readAllBytes(file);
    bytes[12345]++;
    Files.write(file, bytes);

    assertThatThrownBy(() -> client(ours, TransferMeter.NONE).upload(artifact, PLAIN))
        .isInstanceOf(TransferException.class)
        .hasMessageContaining("DATA_LOSS");
    assertThat(temporary.resolve("coordinator/incoming")).isEmptyDirectory();
    assertThat(known).isEmpty();
  }

  @Test
  void download_unknownArtifact_isNoUseTryingAgain() {
    Artifact artifact = Artifact.newBuilder().setDigest("0".repeat(64)).setSize(5).build();

    assertThatThrownBy(() -> client(ours, TransferMeter.NONE).download(artifact, PLAIN))
        .isInstanceOfSatisfying(TransferException.class, e -> assertThat(e.retryable()).isFalse())
        .hasMessageContaining("NOT_FOUND");
  }

  @Test
  void upload_withoutKindOrWithAPathForADigest_isRefused() throws Exception {
    Artifact artifact = make(ours, 100, 7);

    assertThatThrownBy(
            () ->
                client(ours, TransferMeter.NONE)
                    .upload(artifact.toBuilder().clearKind().build(), PLAIN))
        .hasMessageContaining("kind");
    assertThatThrownBy(
            () ->
                client(ours, TransferMeter.NONE)
                    .upload(artifact.toBuilder().setDigest("../../../x").build(), PLAIN))
        .hasMessageContaining("INVALID_ARGUMENT");
  }

  @Test
  void upload_coordinatorGone_saysARetryCanHelp() throws Exception {
    Artifact artifact = make(ours, 100, 8);
    server.shutdownNow().awaitTermination();

    assertThatThrownBy(() -> client(ours, TransferMeter.NONE).upload(artifact, PLAIN))
        .isInstanceOfSatisfying(TransferException.class, e -> assertThat(e.retryable()).isTrue())
        .hasMessageContaining("UNAVAILABLE");
  }

  private ArtifactClient client(ArtifactFolder folder, TransferMeter meter) {
    return new ArtifactClient(channel, folder, Duration.ofSeconds(20), meter);
  }

  private static Artifact make(ArtifactFolder folder, byte[] bytes) throws IOException {
    Path file = folder.newFile();
    Files.write(file, bytes);
    return Artifact.newBuilder()
        .setDigest(folder.add(file).hex())
        .setSize(bytes.length)
        .setKind(ArtifactKind.ARTIFACT_KIND_WEIGHTS)
        .build();
  }

  private static Artifact make(ArtifactFolder folder, int size, long seed) throws IOException {
    Path file = folder.newFile();
    Random random = new Random(seed);
    byte[] block = new byte[MIB];
    try (OutputStream out = Files.newOutputStream(file)) {
      for (int left = size; left > 0; left -= MIB) {
        random.nextBytes(block);
        out.write(block, 0, Math.min(left, MIB));
      }
    }
    return Artifact.newBuilder()
        .setDigest(folder.add(file).hex())
        .setSize(size)
        .setKind(ArtifactKind.ARTIFACT_KIND_WEIGHTS)
        .build();
  }

  /** Runs a transfer and interrupts it once it has moved so many bytes. */
  private static void interruptAfter(long bytes, Transfer transfer, boolean incoming)
      throws Exception {
    CountDownLatch reached = new CountDownLatch(1);
    CountDownLatch interrupted = new CountDownLatch(1);
    AtomicLong moved = new AtomicLong();
    TransferMeter meter = new StoppingMeter(moved, bytes, reached, interrupted, incoming);
    ExecutorService thread = Executors.newSingleThreadExecutor();
    try {
      Future<?> running =
          thread.submit(
              () -> {
                transfer.run(meter);
                return null;
              });
      reached.await();
      thread.shutdownNow();
      interrupted.countDown();
      assertThatThrownBy(running::get).hasCauseInstanceOf(InterruptedException.class);
    } finally {
      thread.shutdownNow();
    }
  }

  private Void upload(Artifact artifact) throws IOException, InterruptedException {
    client(ours, TransferMeter.NONE).upload(artifact, PLAIN);
    return null;
  }

  /** Counts what the coordinator stores, and takes its time. */
  private TransferMeter slowed(AtomicLong received) {
    return new TransferMeter() {
      @Override
      public void received(int bytes) {
        if (slowness > 0) {
          LockSupport.parkNanos(slowness * 1_000_000);
        }
        received.addAndGet(bytes);
      }

      @Override
      public void sent(int bytes) {}
    };
  }

  private static TransferMeter counter(AtomicLong received) {
    return both(TransferMeter.NONE, received);
  }

  private static TransferMeter both(TransferMeter first, AtomicLong received) {
    return new TransferMeter() {
      @Override
      public void received(int bytes) {
        received.addAndGet(bytes);
        first.received(bytes);
      }

      @Override
      public void sent(int bytes) {
        first.sent(bytes);
      }
    };
  }

  private record StoppingMeter(
      AtomicLong moved,
      long limit,
      CountDownLatch reached,
      CountDownLatch interrupted,
      boolean incoming)
      implements TransferMeter {
    @Override
    public void received(int bytes) {
      count(bytes, incoming);
    }

    @Override
    public void sent(int bytes) {
      count(bytes, !incoming);
    }

    private void count(int bytes, boolean counted) {
      if (counted && moved.addAndGet(bytes) >= limit) {
        reached.countDown();
        try {
          interrupted.await();
        } catch (InterruptedException e) {
          Thread.currentThread().interrupt();
        }
      }
    }
  }

  private interface Transfer {
    void run(TransferMeter meter) throws Exception;
  }

  private final class Catalog implements ArtifactCatalog {
    @Override
    public Optional<ArtifactKind> kind(Digest digest) {
      return Optional.ofNullable(known.get(digest));
    }

    @Override
    public boolean isStored(Artifact artifact) {
      return elsewhere.contains(new Digest(artifact.getDigest()));
    }

    @Override
    public void expect(Artifact artifact) {}

    @Override
    public void stored(Artifact artifact) {
      known.put(new Digest(artifact.getDigest()), artifact.getKind());
    }
  }
}
