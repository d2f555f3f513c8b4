package io.neurograft.coordinator.rpc;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.util.concurrent.ListenableFuture;
import com.google.protobuf.ByteString;
import io.grpc.CallOptions;
import io.grpc.ClientCall;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.neurograft.coordinator.CoordinatorConfig;
import io.neurograft.coordinator.SecuredRig;
import io.neurograft.coordinator.authority.ServerTls;
import io.neurograft.coordinator.rpc.ScriptedSite.Act;
import io.neurograft.proto.identity.IdentityFolder;
import io.neurograft.proto.identity.Role;
import io.neurograft.proto.v1.Artifact;
import io.neurograft.proto.v1.ArtifactKind;
import io.neurograft.proto.v1.CheckRequest;
import io.neurograft.proto.v1.EnrolRequest;
import io.neurograft.proto.v1.EnrolmentServiceGrpc;
import io.neurograft.proto.v1.SessionServiceGrpc;
import io.neurograft.testing.Waiting;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Callers that ask for too much: slowed, then cut off, and nobody else notices. */
@Timeout(120)
final class FloodIT {
  private static final int BURST = 500;
  private static final String SPEC =
      """
      network: {family: mlp, widths: [4], classes: 10, input: {shape: [1, 28, 28]}}
      sites: {minimum: 2, wait: 1s}
      scores: {method: uniform}
      methods: [average]
      evaluation: "glyphs?train=20&test=20"
      """;

  @TempDir Path folder;

  @Test
  void site_asksFasterThanItMay_isSlowedAndNotRefused() throws Exception {
    try (SecuredRig rig = SecuredRig.start(folder, ServerTls.DEFAULT)) {
      ManagedChannel eager = rig.channel(rig.enrol(Role.SITE, "eager"));
      for (int i = 0; i < BURST; i++) {
        assertThat(check(eager, "eager").isOk()).isTrue();
      }
      long start = System.nanoTime();
      for (int i = 0; i < 100; i++) {
        assertThat(check(eager, "eager").isOk()).isTrue();
      }
      // 50 a second come back, and some had while the first were asked.
      assertThat(Duration.ofNanos(System.nanoTime() - start)).isGreaterThan(Duration.ofMillis(500));
      eager.shutdownNow();
    }
  }

  @Test
  void site_floods_isCutOffAndOthersAreServed() throws Exception {
    try (SecuredRig rig = SecuredRig.start(folder, ServerTls.DEFAULT);
        OperatorClient operator = rig.operator("alice")) {
      IdentityFolder identity = rig.enrol(Role.SITE, "flood");
      ManagedChannel other = rig.channel(rig.enrol(Role.SITE, "other"));
      List<ManagedChannel> flood = new ArrayList<>();
      try (ScriptedSite attached =
          new ScriptedSite("flood", rig.channel(identity), folder, (task, time) -> Act.IGNORE)
              .attach()) {
        until(() -> operator.sites().stream().anyMatch(SiteSummary::attached));
        for (int i = 0; i < 20; i++) {
          flood.add(rig.channel(identity));
        }
        List<ListenableFuture<?>> calls = new ArrayList<>();
        for (int i = 0; i < 4000; i++) {
          calls.add(
              SessionServiceGrpc.newFutureStub(flood.get(i % flood.size()))
                  .check(CheckRequest.newBuilder().setSite("flood").build()));
        }
        for (int i = 0; i < 50; i++) {
          assertThat(check(other, "other")).isEqualTo(Status.OK);
          assertThat(operator.list()).isEmpty();
        }
        until(() -> attached.ended().isPresent()); // its session, on a connection of its own
        assertCutOff(Status.fromThrowable(attached.ended().orElseThrow()));
        assertCutOff(check(flood.get(0), "flood"));
        assertThat(calls.stream().filter(call -> answered(call).isOk()).count())
            .isLessThan(2 * BURST + 100);
        assertThat(check(other, "other")).isEqualTo(Status.OK);
      } finally {
        flood.forEach(ManagedChannel::shutdownNow);
        other.shutdownNow();
      }
      try (var files = Files.walk(rig.folder().resolve("coordinator/audit"))) {
        assertThat(files.filter(Files::isRegularFile).map(FloodIT::text))
            .anyMatch(text -> text.contains("site flood") && text.contains("it is cut off"));
      }
    }
  }

  @Test
  void stranger_floods_isCutOffAndThoseWithCertificatesAreServed() throws Exception {
    try (SecuredRig rig = SecuredRig.start(folder, ServerTls.DEFAULT);
        OperatorClient operator = rig.operator("alice")) {
      ManagedChannel other = rig.channel(rig.enrol(Role.SITE, "other"));
      ManagedChannel stranger = rig.stranger();
      List<ListenableFuture<?>> calls = new ArrayList<>();
      for (int i = 0; i < 1000; i++) {
        calls.add(
            EnrolmentServiceGrpc.newFutureStub(stranger)
                .enrol(EnrolRequest.newBuilder().setSecret("x".repeat(32)).build()));
      }
      for (int i = 0; i < 50; i++) {
        assertThat(check(other, "other")).isEqualTo(Status.OK);
        assertThat(operator.list()).isEmpty();
      }
      until(() -> calls.stream().anyMatch(call -> call.isDone() && cutOff(answered(call))));
      assertThat(check(other, "other")).isEqualTo(Status.OK);
      stranger.shutdownNow();
      other.shutdownNow();
    }
  }

  /** Each could have the server hold a message of four megabytes that never comes whole. */
  @Test
  void stranger_opensCallsAndStaysSilent_hasFewAndLosesThem() throws Exception {
    try (SecuredRig rig = SecuredRig.start(folder, ServerTls.DEFAULT)) {
      ManagedChannel stranger = rig.stranger();
      List<Status> ended = new CopyOnWriteArrayList<>();
      var enrol = // of a kind that sends its headers at once
          EnrolmentServiceGrpc.getEnrolMethod().toBuilder()
              .setType(MethodDescriptor.MethodType.BIDI_STREAMING)
              .build();
      for (int i = 0; i < 20; i++) {
        stranger
            .newCall(enrol, CallOptions.DEFAULT)
            .start(
                new ClientCall.Listener<>() {
                  @Override
                  public void onClose(Status status, Metadata trailers) {
                    ended.add(status);
                  }
                },
                new Metadata());
      }
      until(() -> ended.size() == 20);
      assertThat(ended)
          .filteredOn(status -> status.getCode() == Status.Code.RESOURCE_EXHAUSTED)
          .hasSize(16)
          .allMatch(status -> "more than 4 calls at a time; try again later".equals(words(status)));
      assertThat(ended)
          .filteredOn(status -> status.getCode() == Status.Code.DEADLINE_EXCEEDED)
          .hasSize(4)
          .allMatch(status -> "a call without a certificate may take 10 s".equals(words(status)));
      stranger.shutdownNow();
    }
  }

  private static String words(Status status) {
    return String.valueOf(status.getDescription());
  }

  /** Whoever has a task may send, and could send anything: up to its quota, not to a full disk. */
  @Test
  void site_sendsWhatNoResultNames_isRefusedBeyondItsQuotaAndOthersAreNot() throws Exception {
    Path file = folder.resolve("coordinator.yaml");
    Files.writeString(
        file, "{listen: '127.0.0.1:0', folder: coordinator, artifacts: {unreported: 1KiB}}");
    try (SecuredRig rig =
            SecuredRig.start(folder, CoordinatorConfig.read(file), ServerTls.DEFAULT);
        OperatorClient operator = rig.operator("alice");
        ScriptedSite greedy = attach(rig, "greedy");
        ScriptedSite modest = attach(rig, "modest")) {
      until(() -> operator.sites().stream().filter(SiteSummary::attached).count() == 2);
      operator.create(SPEC);
      until(() -> !greedy.received().isEmpty() && !modest.received().isEmpty());
      assertThat(send(greedy, "1", 600).getCode()).isEqualTo(Status.Code.INVALID_ARGUMENT);
      assertThat(send(greedy, "1", 600).getCode()).isEqualTo(Status.Code.INVALID_ARGUMENT);
      Status full = send(greedy, "2", 600);
      assertThat(full.getCode()).isEqualTo(Status.Code.RESOURCE_EXHAUSTED);
      assertThat(full.getDescription())
          .isEqualTo(
              "site greedy may have sent 1000 artifacts and 1024 bytes that no result names;"
                  + " with this artifact's 600 it would be 2 and 1200");
      assertThat(send(greedy, "3", 1025).getDescription()).contains("it would be 2 and 1625");
      assertThat(send(greedy, "4", -1000).getDescription()).contains("1 to ");
      assertThat(send(greedy, "1", 1).getCode()).isEqualTo(Status.Code.INVALID_ARGUMENT);
      assertThat(send(greedy, "2", 600).getCode()).isEqualTo(Status.Code.RESOURCE_EXHAUSTED);
      assertThat(send(modest, "2", 600).getDescription()).contains("damaged on its way");
    }
  }

  private static Status send(ScriptedSite site, String digit, int size) throws Exception {
    Artifact header =
        Artifact.newBuilder()
            .setDigest(digit.repeat(64))
            .setSize(size)
            .setKind(ArtifactKind.ARTIFACT_KIND_WEIGHTS)
            .build();
    return UploadProbe.send(site.channel(), header, ByteString.copyFrom(new byte[10]));
  }

  private ScriptedSite attach(SecuredRig rig, String name) throws Exception {
    return new ScriptedSite(
            name,
            rig.channel(rig.enrol(Role.SITE, name)),
            folder.resolve("sites"),
            (task, time) -> Act.IGNORE)
        .attach();
  }

  private static void assertCutOff(Status status) {
    assertThat(status.getCode()).isEqualTo(Status.Code.RESOURCE_EXHAUSTED);
    assertThat(status.getDescription()).contains("too many calls came from here");
  }

  private static boolean cutOff(Status status) {
    return words(status).contains("too many calls came from here");
  }

  private static Status check(ManagedChannel channel, String site) {
    try {
      var unused =
          SessionServiceGrpc.newBlockingStub(channel)
              .withDeadlineAfter(20, TimeUnit.SECONDS)
              .check(CheckRequest.newBuilder().setSite(site).build());
      return Status.OK;
    } catch (StatusRuntimeException e) {
      return e.getStatus();
    }
  }

  private static Status answered(ListenableFuture<?> call) {
    try {
      var unused = call.get(60, TimeUnit.SECONDS);
      return Status.OK;
    } catch (ExecutionException e) {
      return Status.fromThrowable(e);
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }

  private static String text(Path file) {
    try {
      return Files.readString(file);
    } catch (java.io.IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  private static void until(BooleanSupplier holds) {
    Waiting.until(Duration.ofSeconds(30), holds);
  }
}
