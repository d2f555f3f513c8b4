package io.neurograft.coordinator.rpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import com.google.protobuf.ByteString;
import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.neurograft.coordinator.Coordinator;
import io.neurograft.coordinator.CoordinatorConfig;
import io.neurograft.coordinator.LocalInvitation;
import io.neurograft.coordinator.SecuredRig;
import io.neurograft.coordinator.authority.ServerTls;
import io.neurograft.coordinator.rpc.ScriptedSite.Act;
import io.neurograft.coordinator.store.Database;
import io.neurograft.neural.config.InvalidInputException;
import io.neurograft.proto.channel.Channels;
import io.neurograft.proto.channel.Endpoint;
import io.neurograft.proto.channel.TlsSettings;
import io.neurograft.proto.enrolment.Enrolment;
import io.neurograft.proto.enrolment.EnrolmentException;
import io.neurograft.proto.identity.Credentials;
import io.neurograft.proto.identity.Identity;
import io.neurograft.proto.identity.IdentityFolder;
import io.neurograft.proto.identity.Role;
import io.neurograft.proto.identity.SigningRequest;
import io.neurograft.proto.identity.Token;
import io.neurograft.proto.v1.Artifact;
import io.neurograft.proto.v1.ArtifactKind;
import io.neurograft.proto.v1.ArtifactServiceGrpc;
import io.neurograft.proto.v1.DownloadArtifactRequest;
import io.neurograft.proto.v1.EnrolRequest;
import io.neurograft.proto.v1.EnrolmentServiceGrpc;
import io.neurograft.proto.v1.ReportTaskRequest;
import io.neurograft.proto.v1.SessionServiceGrpc;
import io.neurograft.proto.v1.Task;
import io.neurograft.proto.v1.TaskProgress;
import io.neurograft.testing.Waiting;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.UserPrincipal;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Who gets in, what a site sees, and how that ends; by real certificates over real TLS. */
@Timeout(180)
final class IdentityIT {
  private static final SecureRandom RANDOM = new SecureRandom();
  private static final Duration SOON = Duration.ofMinutes(5);
  private static final String SPEC =
      """
      name: own
      network: {family: mlp, widths: [4], classes: 10, input: {shape: [1, 28, 28]}}
      sites: {minimum: 2, wait: 1s}
      scores: {method: uniform}
      methods: [average]
      evaluation: "glyphs?train=20&test=20"
      """;

  @TempDir Path folder;

  @Test
  void token_usedForAnotherKeyOrTooLate_isRefused() throws Exception {
    try (SecuredRig rig = SecuredRig.start(folder, ServerTls.DEFAULT)) {
      Token token = rig.invite(Role.SITE, "hospital-a", SOON);
      ManagedChannel stranger = rig.stranger();
      byte[] request = SigningRequest.of(Credentials.newKeys(RANDOM));
      assertThat(enrol(stranger, token.secret(), request)).isEqualTo(Status.OK);
      // An answer may be lost: the same request is answered again.
      assertThat(enrol(stranger, token.secret(), request)).isEqualTo(Status.OK);
      byte[] thief = SigningRequest.of(Credentials.newKeys(RANDOM));
      Status replayed = enrol(stranger, token.secret(), thief);
      assertThat(replayed.getCode()).isEqualTo(Status.Code.UNAUTHENTICATED);
      assertThat(replayed.getDescription()).contains("this token was used already");

      InstantSource earlier = InstantSource.offset(InstantSource.system(), SOON.negated());
      Token late = rig.invite(Role.SITE, "hospital-a", SOON, earlier);
      assertThat(enrol(stranger, late.secret(), request).getDescription())
          .contains("this token has expired");
      assertThat(enrol(stranger, "x".repeat(32), request).getDescription())
          .contains("there is no such token");
      assertThat(enrol(stranger, "x".repeat(100_000), request).getCode())
          .isEqualTo(Status.Code.INVALID_ARGUMENT);
      Token good = rig.invite(Role.SITE, "hospital-a", SOON);
      assertThat(enrol(stranger, good.secret(), new byte[] {1, 2, 3}).getCode())
          .isEqualTo(Status.Code.INVALID_ARGUMENT);
      assertThat(enrol(stranger, good.secret(), request)).isEqualTo(Status.OK);
      stranger.shutdownNow();
      assertServes(rig);
    }
  }

  /** Its files would be that user's, and the coordinator's own user could not write to them. */
  @Test
  void invite_byAnotherUserThanTheFolders_isRefused() throws Exception {
    Path own = Files.createDirectories(folder.resolve("coordinator"));
    UserPrincipal caller = Files.getOwner(own);
    assumeThat(caller.getName()).as("only root can give a folder away").isEqualTo("root");
    Files.setOwner(
        own, own.getFileSystem().getUserPrincipalLookupService().lookupPrincipalByName("nobody"));
    CoordinatorConfig config =
        SecuredRig.secured(
            CoordinatorConfig.of(new Endpoint("127.0.0.1", 0), own, 1), ServerTls.DEFAULT);
    assertThatThrownBy(
            () ->
                LocalInvitation.invite(
                    config, new Identity(Role.OPERATOR, "alice"), SOON, InstantSource.system()))
        .isInstanceOf(InvalidInputException.class)
        .hasMessage(
            "folder %s: belongs to nobody; invite as that user, who runs the coordinator", own);
    assertThat(own).isEmptyDirectory();
  }

  /** The token says by its hash who made it, so a secret is told to nobody else. */
  @Test
  void token_ofAnotherCoordinator_isNotEvenSent() throws Exception {
    try (SecuredRig rig = SecuredRig.start(folder.resolve("one"), ServerTls.DEFAULT);
        SecuredRig other = SecuredRig.start(folder.resolve("two"), ServerTls.DEFAULT)) {
      Token token = rig.invite(Role.SITE, "hospital-a", SOON);
      IdentityFolder identity = new IdentityFolder(folder.resolve("identity"));
      Enrolment enrolment = new Enrolment(identity, RANDOM);
      assertThatThrownBy(() -> enrolment.enrol(other.endpoint(), token, any -> true))
          .isInstanceOf(EnrolmentException.class)
          .hasMessageContaining("this is not the coordinator that made the token");
      assertThatThrownBy(
              () ->
                  enrolment.enrol(
                      rig.endpoint(), token, new Identity(Role.SITE, "hospital-b")::equals))
          .isInstanceOf(EnrolmentException.class)
          .hasMessageContaining("gave a certificate of site hospital-a, which was not asked for")
          .hasMessageContaining("it is used up now; have the operator invite both again");
      assertThat(identity.enrolled()).isFalse();
      assertThat(enrolment.enrol(rig.endpoint(), token, any -> true))
          .isEqualTo(new Identity(Role.SITE, "hospital-a"));
    }
  }

  @Test
  void certificate_ofAnotherAuthority_isRefused() throws Exception {
    try (SecuredRig rig = SecuredRig.start(folder.resolve("one"), ServerTls.DEFAULT);
        SecuredRig other = SecuredRig.start(folder.resolve("two"), ServerTls.DEFAULT)) {
      IdentityFolder foreign = other.enrol(Role.OPERATOR, "alice");
      IdentityFolder known = rig.enrol(Role.OPERATOR, "alice");
      TlsSettings mixed =
          new TlsSettings(
              Optional.of(known.trust()),
              Optional.of(foreign.identity()),
              Optional.of(foreign.identity()));
      try (OperatorClient stranger = OperatorClient.to(rig.endpoint(), Optional.of(mixed))) {
        assertThatThrownBy(stranger::list)
            .isInstanceOf(InvalidInputException.class)
            .hasMessageContaining("it refused the TLS handshake");
      }
      // And the other way round: who is not the coordinator is told nothing.
      try (OperatorClient deceived =
          OperatorClient.to(other.endpoint(), Optional.of(SecuredRig.tls(known)))) {
        assertThatThrownBy(deceived::list)
            .hasMessageContaining("its certificate is not trusted here");
      }
      assertServes(rig);
    }
  }

  @Test
  void certificate_expires_endsItsCallsAndOpensNoMore() throws Exception {
    try (SecuredRig rig = SecuredRig.start(folder, SecuredRig.lasting(Duration.ofSeconds(6)))) {
      IdentityFolder identity = rig.enrol(Role.SITE, "hospital-a");
      Instant end = identity.credentials().certificate().getNotAfter().toInstant();
      try (ScriptedSite site = attach(rig, identity, "hospital-a")) {
        until(() -> site.ended().isPresent());
        assertThat(Instant.now()).isAfterOrEqualTo(end);
        Status status = Status.fromThrowable(site.ended().orElseThrow());
        assertThat(status.getCode()).isEqualTo(Status.Code.UNAVAILABLE);
        assertThat(status.getDescription()).contains("has expired meanwhile");
        // The connection is still there, and of no use.
        assertThat(report(site.channel(), "hospital-a").getDescription())
            .contains("has expired meanwhile");
      }
      try (ScriptedSite again = attach(rig, identity, "hospital-a")) {
        until(() -> again.ended().isPresent());
        assertThat(Status.fromThrowable(again.ended().orElseThrow()).getDescription())
            .startsWith("it refused the TLS handshake");
      }
      // Its own certificate was renewed meanwhile, without a restart.
      assertServes(rig);
    }
  }

  @Test
  void site_revoked_losesItsCallsAtOnceAndMayBeInvitedAgain() throws Exception {
    try (SecuredRig rig = SecuredRig.start(folder, ServerTls.DEFAULT);
        OperatorClient operator = rig.operator("alice")) {
      IdentityFolder identity = rig.enrol(Role.SITE, "hospital-a");
      Token unused = rig.invite(Role.SITE, "hospital-a", SOON);
      try (ScriptedSite site = attach(rig, identity, "hospital-a");
          ScriptedSite other = attach(rig, rig.enrol(Role.SITE, "hospital-b"), "hospital-b")) {
        until(() -> operator.sites().stream().filter(SiteSummary::attached).count() == 2);
        long start = System.nanoTime();
        assertThat(operator.revoke(new Identity(Role.SITE, "hospital-a"))).isEqualTo(1);
        until(() -> site.ended().isPresent());
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(2));
        Status status = Status.fromThrowable(site.ended().orElseThrow());
        assertThat(status.getCode()).isEqualTo(Status.Code.UNAUTHENTICATED);
        assertThat(status.getDescription())
            .contains("the certificate of site hospital-a was revoked");
        assertThat(report(site.channel(), "hospital-a").getCode())
            .isEqualTo(Status.Code.UNAUTHENTICATED);
        // Nor by a new connection, nor by renewing, nor by a token from before.
        ManagedChannel anew = rig.channel(identity);
        assertThat(report(anew, "hospital-a").getCode()).isEqualTo(Status.Code.UNAUTHENTICATED);
        assertThatThrownBy(() -> new Enrolment(identity, RANDOM).renew(anew))
            .hasMessageContaining("was revoked");
        anew.shutdownNow();
        assertThat(
                enrol(
                        rig.stranger(),
                        unused.secret(),
                        SigningRequest.of(Credentials.newKeys(RANDOM)))
                    .getDescription())
            .contains("there is no such token");
        assertThat(other.ended()).isEmpty();
      }
      try (ScriptedSite back = attach(rig, rig.enrol(Role.SITE, "hospital-a"), "hospital-a")) {
        until(
            () ->
                operator.sites().stream()
                    .anyMatch(one -> one.attached() && one.site().equals("hospital-a")));
        assertThat(back.ended()).isEmpty();
      }
    }
  }

  /** As another coordinator on the same database would: nobody tells this one. */
  @Test
  void site_revokedBehindTheCoordinatorsBack_losesItsCallsWithinSeconds() throws Exception {
    try (SecuredRig rig = SecuredRig.start(folder, ServerTls.DEFAULT);
        Database database =
            Database.open(folder.resolve("coordinator/coordinator.db"), InstantSource.system())) {
      try (ScriptedSite site = attach(rig, rig.enrol(Role.SITE, "hospital-a"), "hospital-a")) {
        Identity identity = new Identity(Role.SITE, "hospital-a");
        var revoked = database.write(tables -> tables.identities().revoke(identity, Instant.now()));
        assertThat(revoked.certificates()).isEqualTo(1);
        long start = System.nanoTime();
        until(() -> site.ended().isPresent());
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(5));
      }
    }
  }

  @Test
  void site_inAnothersName_isRefused() throws Exception {
    try (SecuredRig rig = SecuredRig.start(folder, ServerTls.DEFAULT)) {
      IdentityFolder identity = rig.enrol(Role.SITE, "hospital-a");
      try (ScriptedSite deceiver = attach(rig, identity, "hospital-b")) {
        until(() -> deceiver.ended().isPresent());
        Status status = Status.fromThrowable(deceiver.ended().orElseThrow());
        assertThat(status.getCode()).isEqualTo(Status.Code.PERMISSION_DENIED);
        assertThat(status.getDescription())
            .isEqualTo(
                "the certificate shown is not of site hospital-b; a site speaks for itself alone");
        assertThat(report(deceiver.channel(), "hospital-b").getCode())
            .isEqualTo(Status.Code.PERMISSION_DENIED);
        assertThat(report(deceiver.channel(), "hospital-a").getCode())
            .isEqualTo(Status.Code.NOT_FOUND); // it may ask, and has no such task
      }
    }
  }

  @Test
  void site_artifactsOfOthers_areNotThereForIt() throws Exception {
    try (SecuredRig rig = SecuredRig.start(folder, ServerTls.DEFAULT);
        OperatorClient operator = rig.operator("alice");
        ScriptedSite a = attach(rig, rig.enrol(Role.SITE, "a"), "a", Act.DO);
        ScriptedSite b = attach(rig, rig.enrol(Role.SITE, "b"), "b", Act.DO)) {
      until(() -> operator.sites().stream().filter(SiteSummary::attached).count() == 2);
      RunSummary run = operator.watch(operator.create(SPEC).run(), now -> {});
      assertThat(run.state()).as(run.message()).isEqualTo("completed");
      assertThat(a.adopted()).isEqualTo(b.adopted()).hasSize(64); // downloaded, by both

      ManagedChannel outsider = rig.channel(rig.enrol(Role.SITE, "outsider"));
      Status nothing = download(outsider, "0".repeat(64));
      assertThat(nothing.getCode()).isEqualTo(Status.Code.NOT_FOUND);
      int members = 0;
      List<String> there;
      try (var files = Files.list(folder.resolve("coordinator/artifacts"))) {
        there =
            files
                .map(file -> file.getFileName().toString())
                .filter(name -> name.matches("[0-9a-f]{64}"))
                .toList();
      }
      assertThat(there).hasSizeGreaterThan(4);
      ManagedChannel trusted = rig.channel(rig.enrol(Role.OPERATOR, "reader"));
      for (String digest : there) {
        // To the outsider it looks as if nothing were there; the operator sees that it is.
        assertThat(download(outsider, digest))
            .usingRecursiveComparison()
            .isEqualTo(nothing.withDescription("there is no artifact " + digest));
        assertThat(download(trusted, digest).isOk()).isTrue();
        // A site of the run sees its models, and no other site's member or scores.
        boolean seen = download(a.channel(), digest).isOk();
        members += seen ? 0 : 1;
      }
      assertThat(download(a.channel(), a.adopted()).isOk()).isTrue();
      assertThat(members).as("members and scores of both sites").isGreaterThanOrEqualTo(3);

      Artifact header =
          Artifact.newBuilder()
              .setDigest("1".repeat(64))
              .setSize(10)
              .setKind(ArtifactKind.ARTIFACT_KIND_WEIGHTS)
              .build();
      Status refused = UploadProbe.send(outsider, header, ByteString.copyFrom(new byte[10]));
      assertThat(refused.getCode()).isEqualTo(Status.Code.PERMISSION_DENIED);
      assertThat(refused.getDescription()).contains("site outsider has no task");
      outsider.shutdownNow();
      trusted.shutdownNow();
    }
  }

  /** Certificates outlive a restart; a coordinator does not forget its authority. */
  @Test
  void coordinator_restarted_knowsItsOwn() throws Exception {
    try (SecuredRig rig = SecuredRig.start(folder, ServerTls.DEFAULT)) {
      IdentityFolder identity = rig.enrol(Role.OPERATOR, "alice");
      rig.restart();
      try (OperatorClient client =
          OperatorClient.to(rig.endpoint(), Optional.of(SecuredRig.tls(identity)))) {
        assertThat(client.list()).isEmpty();
      }
      assertThat(folder.resolve("coordinator/authority/ca.key"))
          .satisfies(
              key ->
                  assertThat(
                          java.nio.file.attribute.PosixFilePermissions.toString(
                              Files.getPosixFilePermissions(key)))
                      .isEqualTo("rw-------"));
    }
  }

  @Test
  void authority_movedAway_isReplacedAndEverybodyEnrolsAnew() throws Exception {
    try (SecuredRig rig = SecuredRig.start(folder, ServerTls.DEFAULT)) {
      IdentityFolder old = rig.enrol(Role.OPERATOR, "alice");
      Path authority = folder.resolve("coordinator/authority");
      rig.restart(
          () -> assertThat(authority.toFile().renameTo(folder.resolve("old").toFile())).isTrue());
      try (OperatorClient locked =
          OperatorClient.to(rig.endpoint(), Optional.of(SecuredRig.tls(old)))) {
        assertThatThrownBy(locked::list)
            .hasMessageContaining("its certificate is not trusted here");
      }
      assertServes(rig);
    }
  }

  @Test
  void coordinator_inPlainText_givesNoCertificates() throws Exception {
    CoordinatorConfig plain =
        CoordinatorConfig.of(new Endpoint("127.0.0.1", 0), folder.resolve("coordinator"), 1);
    try (Coordinator coordinator = Coordinator.start(plain);
        OperatorClient operator =
            OperatorClient.to(new Endpoint("127.0.0.1", coordinator.port()), Optional.empty())) {
      assertThatThrownBy(() -> operator.invite(new Identity(Role.SITE, "a"), SOON))
          .hasMessageContaining("speaks plain text");
      ManagedChannel channel =
          Channels.client(new Endpoint("127.0.0.1", coordinator.port()), Optional.empty()).build();
      assertThat(enrol(channel, "x", new byte[1]).getCode())
          .isEqualTo(Status.Code.FAILED_PRECONDITION);
      channel.shutdownNow();
    }
  }

  private static Status enrol(ManagedChannel channel, String secret, byte[] request) {
    try {
      var unused =
          EnrolmentServiceGrpc.newBlockingStub(channel)
              .withDeadlineAfter(20, TimeUnit.SECONDS)
              .enrol(
                  EnrolRequest.newBuilder()
                      .setSecret(secret)
                      .setSigningRequest(ByteString.copyFrom(request))
                      .build());
      return Status.OK;
    } catch (StatusRuntimeException e) {
      return e.getStatus();
    }
  }

  private static Status report(ManagedChannel channel, String site) {
    try {
      var unused =
          SessionServiceGrpc.newBlockingStub(channel)
              .withDeadlineAfter(20, TimeUnit.SECONDS)
              .reportTask(
                  ReportTaskRequest.newBuilder()
                      .setSite(site)
                      .setTaskId("none")
                      .setProgress(TaskProgress.getDefaultInstance())
                      .build());
      return Status.OK;
    } catch (StatusRuntimeException e) {
      return e.getStatus();
    }
  }

  private static Status download(ManagedChannel channel, String digest) {
    try {
      ArtifactServiceGrpc.newBlockingStub(channel)
          .withDeadlineAfter(20, TimeUnit.SECONDS)
          .downloadArtifact(DownloadArtifactRequest.newBuilder().setDigest(digest).build())
          .forEachRemaining(part -> {});
      return Status.OK;
    } catch (StatusRuntimeException e) {
      return Status.fromCode(e.getStatus().getCode())
          .withDescription(e.getStatus().getDescription());
    }
  }

  private ScriptedSite attach(SecuredRig rig, IdentityFolder identity, String name)
      throws Exception {
    return attach(rig, identity, name, Act.IGNORE);
  }

  private ScriptedSite attach(SecuredRig rig, IdentityFolder identity, String name, Act act)
      throws Exception {
    return new ScriptedSite(
            name, rig.channel(identity), folder.resolve("sites"), (Task task, Integer time) -> act)
        .attach();
  }

  /** It still answers whoever has a certificate. */
  private void assertServes(SecuredRig rig) throws Exception {
    try (OperatorClient client = rig.operator("prober")) {
      assertThat(client.list()).isEmpty();
    }
  }

  private static void until(BooleanSupplier holds) {
    Waiting.until(Duration.ofSeconds(30), holds);
  }
}
