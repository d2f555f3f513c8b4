package io.neurograft.coordinator.rpc;

import com.google.protobuf.Duration;
import io.grpc.Status;
import io.grpc.stub.ServerCallStreamObserver;
import io.neurograft.coordinator.conduct.SiteLink;
import io.neurograft.coordinator.conduct.SiteProgram;
import io.neurograft.coordinator.conduct.TaskOrder;
import io.neurograft.coordinator.conduct.Versions;
import io.neurograft.proto.v1.AttendResponse;
import io.neurograft.proto.v1.Heartbeat;
import io.neurograft.proto.v1.RunOver;
import io.neurograft.proto.v1.TaskRevoked;
import io.neurograft.proto.v1.Welcome;
import java.time.Instant;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The open Attend call of one site. Several threads write to it, one at a time. */
final class SiteStream implements SiteLink {
  private static final Logger LOG = LoggerFactory.getLogger(SiteStream.class);

  private final String site;
  private final SiteProgram program;
  private final ServerCallStreamObserver<AttendResponse> out;
  private boolean ended;

  SiteStream(String site, SiteProgram program, ServerCallStreamObserver<AttendResponse> out) {
    this.site = site;
    this.program = program;
    this.out = out;
  }

  void welcome(java.time.Duration heartbeat) {
    send(
        AttendResponse.newBuilder()
            .setWelcome(
                Welcome.newBuilder()
                    .setSoftwareVersion(Versions.software())
                    .setHeartbeatInterval(
                        Duration.newBuilder()
                            .setSeconds(heartbeat.getSeconds())
                            .setNanos(heartbeat.getNano())))
            .build());
  }

  /** Shows that the connection is alive; left out where the site is slow to read. */
  synchronized void heartbeat(Instant now) {
    if (!ended && out.isReady()) {
      Heartbeat beat = Heartbeat.newBuilder().setTime(TaskMessages.time(now)).build();
      send(AttendResponse.newBuilder().setHeartbeat(beat).build());
    }
  }

  @Override
  public SiteProgram program() {
    return program;
  }

  @Override
  public void over(String runId) {
    send(AttendResponse.newBuilder().setRunOver(RunOver.newBuilder().setRunId(runId)).build());
  }

  @Override
  public void give(TaskOrder order) {
    send(AttendResponse.newBuilder().setTask(TaskMessages.message(order)).build());
  }

  @Override
  public void revoke(String taskId, String reason) {
    send(
        AttendResponse.newBuilder()
            .setRevoked(TaskRevoked.newBuilder().setTaskId(taskId).setReason(reason))
            .build());
  }

  @Override
  public void replaced(SiteProgram by) {
    if (program.same(by)) {
      LOG.info("site {} attached anew, which ended its former session", site);
      end(Status.UNAVAILABLE.withDescription("the site has attached anew"));
      return;
    }
    LOG.warn("another program attached as site {}, which ended the former session", site);
    end(
        Status.ABORTED.withDescription(
            "another program has attached as site "
                + site
                + "; each site runs one node and has a name of its own"));
  }

  /** Ends the session because the coordinator stops; the site attaches again later. */
  void stop() {
    end(Status.UNAVAILABLE.withDescription("the coordinator stops"));
  }

  private synchronized void end(Status status) {
    if (!ended) {
      ended = true;
      try {
        out.onError(status.asRuntimeException());
      } catch (RuntimeException e) {
        LOG.debug("the session of site {} had ended already", site, e);
      }
    }
  }

  private synchronized void send(AttendResponse event) {
    if (ended) {
      return;
    }
    try {
      out.onNext(event);
    } catch (RuntimeException e) {
      // The call was cancelled; its handler detaches the site, which gets its tasks when it is
      // back.
      LOG.debug("site {} did not get an event", site, e);
    }
  }
}
