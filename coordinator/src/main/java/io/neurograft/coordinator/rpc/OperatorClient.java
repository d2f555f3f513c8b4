package io.neurograft.coordinator.rpc;

import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.neurograft.neural.config.InvalidInputException;
import io.neurograft.proto.channel.ChannelSettingsException;
import io.neurograft.proto.channel.Channels;
import io.neurograft.proto.channel.Endpoint;
import io.neurograft.proto.channel.TlsSettings;
import io.neurograft.proto.enrolment.Enrolment;
import io.neurograft.proto.enrolment.EnrolmentException;
import io.neurograft.proto.identity.Identity;
import io.neurograft.proto.text.OneLine;
import io.neurograft.proto.v1.CancelRunRequest;
import io.neurograft.proto.v1.CreateRunRequest;
import io.neurograft.proto.v1.DeleteRunRequest;
import io.neurograft.proto.v1.GetRunRequest;
import io.neurograft.proto.v1.InviteRequest;
import io.neurograft.proto.v1.InviteResponse;
import io.neurograft.proto.v1.ListRunsRequest;
import io.neurograft.proto.v1.ListSitesRequest;
import io.neurograft.proto.v1.OperatorServiceGrpc;
import io.neurograft.proto.v1.OperatorServiceGrpc.OperatorServiceBlockingStub;
import io.neurograft.proto.v1.PauseRunRequest;
import io.neurograft.proto.v1.ResumeRunRequest;
import io.neurograft.proto.v1.RevokeRequest;
import io.neurograft.proto.v1.RevokeResponse;
import io.neurograft.proto.v1.WatchRunRequest;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * An operator's connection to a coordinator. Every method makes one attempt, and throws {@link
 * InvalidInputException} with one clear line where the coordinator cannot be reached or refuses;
 * only {@link #watchThroughRestarts} waits for a coordinator that was there before.
 */
public final class OperatorClient implements AutoCloseable {
  private static final long ANSWER_SECONDS = 60;
  private static final long PAUSE_MILLIS = 1000;

  /** A run's results name each unit's sources: some megabytes for deep networks of many sites. */
  private static final int MAX_RESULTS = 64 << 20;

  private final Endpoint coordinator;
  private final ManagedChannel channel;

  private OperatorClient(Endpoint coordinator, ManagedChannel channel) {
    this.coordinator = coordinator;
    this.channel = channel;
  }

  /**
   * Prepares a connection; nothing is dialled yet.
   *
   * @param tls empty for plain text
   * @throws InvalidInputException if a certificate or key cannot be used
   */
  public static OperatorClient to(Endpoint coordinator, Optional<TlsSettings> tls) {
    try {
      return new OperatorClient(coordinator, Channels.client(coordinator, tls).build());
    } catch (ChannelSettingsException e) {
      throw new InvalidInputException("tls", String.valueOf(e.getMessage()));
    }
  }

  /** Creates a run from a specification in YAML. */
  public RunSummary create(String specification) {
    return ask(
        () ->
            RunSummary.of(
                stub()
                    .createRun(
                        CreateRunRequest.newBuilder().setSpecification(specification).build())
                    .getRun()));
  }

  /** One run. */
  public RunSummary get(String runId) {
    return ask(
        () ->
            RunSummary.of(
                stub().getRun(GetRunRequest.newBuilder().setRunId(runId).build()).getRun()));
  }

  /** All runs, the newest first, without their results. */
  public List<RunSummary> list() {
    return ask(
        () ->
            stub().listRuns(ListRunsRequest.getDefaultInstance()).getRunsList().stream()
                .map(RunSummary::of)
                .toList());
  }

  /**
   * Follows a run until it has ended.
   *
   * @param see hears the run now, and again after every change
   * @return the run as it ended
   */
  public RunSummary watch(String runId, Consumer<RunSummary> see) {
    return ask(() -> follow(runId, see));
  }

  /**
   * Follows a run until it has ended. Once the run was seen, a coordinator that goes is waited for:
   * it goes on with the run when it is started again.
   *
   * @param see hears the run now, and again after every change
   * @param lost hears why the coordinator is not there, before each new attempt
   * @return the run as it ended
   */
  public RunSummary watchThroughRestarts(
      String runId, Consumer<RunSummary> see, Consumer<String> lost) throws InterruptedException {
    boolean[] seen = {false};
    Consumer<RunSummary> noting =
        run -> {
          seen[0] = true;
          see.accept(run);
        };
    while (true) {
      try {
        return follow(runId, noting);
      } catch (StatusRuntimeException e) {
        if (!seen[0] || e.getStatus().getCode() != Status.Code.UNAVAILABLE) {
          throw failure(e.getStatus());
        }
        lost.accept(String.valueOf(failure(e.getStatus()).getMessage()));
        Thread.sleep(PAUSE_MILLIS);
        // Dial anew now, not when the channel's own pause is over.
        channel.enterIdle();
      }
    }
  }

  private RunSummary follow(String runId, Consumer<RunSummary> see) {
    var runs = anyTime().watchRun(WatchRunRequest.newBuilder().setRunId(runId).build());
    Optional<RunSummary> last = Optional.empty();
    while (runs.hasNext()) {
      RunSummary run = RunSummary.of(runs.next().getRun());
      see.accept(run);
      last = Optional.of(run);
    }
    return last.orElseThrow(
        () -> new InvalidInputException("run " + runId, "the coordinator told nothing"));
  }

  /** Ends a run before its time; one that has ended stays as it is. */
  public RunSummary cancel(String runId) {
    return ask(
        () ->
            RunSummary.of(
                stub().cancelRun(CancelRunRequest.newBuilder().setRunId(runId).build()).getRun()));
  }

  /** Deletes a run that has ended. */
  public void delete(String runId) {
    ask(() -> stub().deleteRun(DeleteRunRequest.newBuilder().setRunId(runId).build()));
  }

  /** Has a run stand still until it is resumed. */
  public RunSummary pause(String runId) {
    return ask(
        () ->
            RunSummary.of(
                stub().pauseRun(PauseRunRequest.newBuilder().setRunId(runId).build()).getRun()));
  }

  /** Takes up a paused run where it was. */
  public RunSummary resume(String runId) {
    return ask(
        () ->
            RunSummary.of(
                stub().resumeRun(ResumeRunRequest.newBuilder().setRunId(runId).build()).getRun()));
  }

  /** All sites that have attached before, by name. */
  public List<SiteSummary> sites() {
    return ask(
        () ->
            stub().listSites(ListSitesRequest.getDefaultInstance()).getSitesList().stream()
                .map(SiteSummary::of)
                .toList());
  }

  /**
   * A token for somebody who is invited.
   *
   * @param token nobody can read it again
   */
  public record Invitation(String token, Instant expires) {}

  /** Invites a site, an operator or a viewer. */
  public Invitation invite(Identity identity, Duration valid) {
    return ask(
        () -> {
          InviteResponse response =
              stub()
                  .invite(
                      InviteRequest.newBuilder()
                          .setRole(IdentityMessages.message(identity.role()))
                          .setName(identity.name())
                          .setValid(
                              com.google.protobuf.Duration.newBuilder()
                                  .setSeconds(valid.toSeconds()))
                          .build());
          return new Invitation(response.getToken(), SiteSummary.instant(response.getExpires()));
        });
  }

  /**
   * Revokes all certificates and invitations of a name.
   *
   * @return how many certificates were still good, of those that the coordinator has signed
   * @throws InvalidInputException if the coordinator knows nobody of that name; it is revoked then,
   *     too, for certificates of another authority
   */
  public int revoke(Identity identity) {
    RevokeResponse response =
        ask(
            () ->
                stub()
                    .revoke(
                        RevokeRequest.newBuilder()
                            .setRole(IdentityMessages.message(identity.role()))
                            .setName(identity.name())
                            .build()));
    if (response.getUnknown()) {
      throw new InvalidInputException(
          "coordinator " + coordinator,
          "knows no "
              + identity
              + "; is the name right? Certificates of that name by another authority, from before"
              + " now, are refused");
    }
    return response.getCertificates();
  }

  /**
   * Renews the certificate by which this connection calls.
   *
   * @throws InvalidInputException if that failed; it stays as it is then
   */
  public void renew(Enrolment enrolment) {
    try {
      enrolment.renew(channel);
    } catch (EnrolmentException e) {
      throw new InvalidInputException("renewal", e.getMessage());
    }
  }

  @Override
  public void close() {
    channel.shutdownNow();
  }

  private OperatorServiceBlockingStub stub() {
    return anyTime().withDeadlineAfter(ANSWER_SECONDS, TimeUnit.SECONDS);
  }

  private OperatorServiceBlockingStub anyTime() {
    return OperatorServiceGrpc.newBlockingStub(channel).withMaxInboundMessageSize(MAX_RESULTS);
  }

  private <T> T ask(Supplier<T> call) {
    try {
      return call.get();
    } catch (StatusRuntimeException e) {
      throw failure(e.getStatus());
    }
  }

  private InvalidInputException failure(Status status) {
    String said = OneLine.each(String.valueOf(status.getDescription()));
    return new InvalidInputException(
        "coordinator " + coordinator,
        switch (status.getCode()) {
          case UNAVAILABLE -> "cannot be reached (" + said + ")";
          case DEADLINE_EXCEEDED -> "did not answer within " + ANSWER_SECONDS + " s";
          case INVALID_ARGUMENT,
              NOT_FOUND,
              FAILED_PRECONDITION,
              RESOURCE_EXHAUSTED,
              UNAUTHENTICATED,
              PERMISSION_DENIED,
              INTERNAL ->
              said;
          default -> status.getCode() + ": " + said;
        });
  }
}
