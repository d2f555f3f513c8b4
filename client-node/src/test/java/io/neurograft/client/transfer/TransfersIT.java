package io.neurograft.client.transfer;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.ManagedChannel;
import io.grpc.Server;
import io.neurograft.client.retry.Bell;
import io.neurograft.client.retry.Retry;
import io.neurograft.proto.artifact.ArtifactFolder;
import io.neurograft.proto.artifact.Digest;
import io.neurograft.proto.artifact.Packing;
import io.neurograft.proto.channel.Channels;
import io.neurograft.proto.channel.Endpoint;
import io.neurograft.proto.transfer.ArtifactCatalog;
import io.neurograft.proto.transfer.ArtifactEndpoint;
import io.neurograft.proto.transfer.TransferMeter;
import io.neurograft.proto.v1.Artifact;
import io.neurograft.proto.v1.ArtifactKind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What a site promises about transfers, against a coordinator that dies in the middle. */
@Timeout(60)
class TransfersIT {
  private static final int SIZE = 30 << 20;

  @TempDir Path temporary;

  @Test
  void push_coordinatorDiesAndComesBack_goesOnByItself() throws Exception {
    ArtifactFolder ours = ArtifactFolder.open(temporary.resolve("site"));
    ArtifactRef artifact = make(ours);
    StoppingMeter first = new StoppingMeter();
    Server server = serve(0, first);
    int port = server.getPort();

    runAcrossARestart(
        port, server, first, ours, transfers -> transfers.push(artifact, Packing.NONE));

    assertThat(temporary.resolve("coordinator").resolve(artifact.digest().hex())).exists();
    assertThat(first.second.received).isBetween(1L, SIZE - 1L);
  }

  @Test
  void pull_coordinatorDiesAndComesBack_goesOnByItself() throws Exception {
    ArtifactRef artifact = make(ArtifactFolder.open(temporary.resolve("coordinator")));
    ArtifactFolder ours = ArtifactFolder.open(temporary.resolve("site"));
    StoppingMeter first = new StoppingMeter();
    Server server = serve(0, first);
    int port = server.getPort();

    runAcrossARestart(
        port, server, first, ours, transfers -> transfers.pull(artifact, Packing.NONE));

    assertThat(Digest.of(ours.find(artifact.digest()).orElseThrow())).isEqualTo(artifact.digest());
    assertThat(first.second.sent).isBetween(1L, SIZE - 1L);
  }

  private interface Work {
    void run(Transfers transfers) throws Exception;
  }

  /** Kills the coordinator once a third has passed, and starts another in the same folder. */
  private void runAcrossARestart(
      int port, Server server, StoppingMeter meter, ArtifactFolder ours, Work work)
      throws Exception {
    ManagedChannel channel =
        Channels.client(new Endpoint("127.0.0.1", port), Optional.empty()).build();
    Retry.Policy retries =
        new Retry.Policy(
            Duration.ofMillis(200),
            Duration.ofSeconds(1),
            new Random(1),
            Clock.systemUTC(),
            new Bell());
    Transfers transfers = new Transfers(channel, ours, TransferMeter.NONE, retries);
    FutureTask<Void> transfer =
        new FutureTask<>(
            () -> {
              work.run(transfers);
              return null;
            });
    new Thread(transfer, "transfer").start();
    meter.third.await();
    server.shutdownNow();
    meter.goOn.countDown();
    server.awaitTermination(10, TimeUnit.SECONDS);
    Server again = serve(port, meter.second);
    try {
      transfer.get();
    } finally {
      channel.shutdownNow();
      again.shutdownNow();
    }
  }

  private Server serve(int port, TransferMeter meter) throws IOException {
    ArtifactFolder folder = ArtifactFolder.open(temporary.resolve("coordinator"));
    return Channels.server(new Endpoint("127.0.0.1", port), Optional.empty())
        .addService(new ArtifactEndpoint(folder, new Weights(), meter))
        .build()
        .start();
  }

  private static ArtifactRef make(ArtifactFolder folder) throws IOException {
    byte[] bytes = new byte[SIZE];
    new Random(1).nextBytes(bytes);
    Path file = Files.write(folder.newFile(), bytes);
    return new ArtifactRef(folder.add(file), SIZE, ArtifactRef.Kind.WEIGHTS);
  }

  /** Holds a transfer after a third, until it may go on. */
  private static final class StoppingMeter implements TransferMeter {
    private final CountDownLatch third = new CountDownLatch(1);
    private final CountDownLatch goOn = new CountDownLatch(1);
    private final AtomicLong moved = new AtomicLong();
    private final CountingMeter second = new CountingMeter();

    @Override
    public void received(int bytes) {
      count(bytes);
    }

    @Override
    public void sent(int bytes) {
      count(bytes);
    }

    private void count(int bytes) {
      if (moved.addAndGet(bytes) >= SIZE / 3) {
        third.countDown();
        try {
          goOn.await();
        } catch (InterruptedException e) {
          Thread.currentThread().interrupt();
        }
      }
    }
  }

  private static final class CountingMeter implements TransferMeter {
    private volatile long received;
    private volatile long sent;

    @Override
    public synchronized void received(int bytes) {
      received += bytes;
    }

    @Override
    public synchronized void sent(int bytes) {
      sent += bytes;
    }
  }

  private static final class Weights implements ArtifactCatalog {
    @Override
    public Optional<ArtifactKind> kind(Digest digest) {
      return Optional.of(ArtifactKind.ARTIFACT_KIND_WEIGHTS);
    }

    @Override
    public boolean isStored(Artifact artifact) {
      return false;
    }

    @Override
    public void expect(Artifact artifact) {}

    @Override
    public void stored(Artifact artifact) {}
  }
}
