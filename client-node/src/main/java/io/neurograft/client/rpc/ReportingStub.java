package io.neurograft.client.rpc;

import io.grpc.Channel;
import io.grpc.StatusRuntimeException;
import io.neurograft.client.retry.Retry;
import io.neurograft.client.task.TaskOutcome;
import io.neurograft.client.task.TaskReporter;
import io.neurograft.proto.v1.ReportTaskRequest;
import io.neurograft.proto.v1.SessionServiceGrpc;
import io.neurograft.proto.v1.TaskFailure;
import io.neurograft.proto.v1.TaskProgress;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Reports over the wire; results and failures are reported until the coordinator has answered. */
final class ReportingStub implements TaskReporter {
  private static final Logger LOG = LoggerFactory.getLogger(ReportingStub.class);
  private static final long PROGRESS_SECONDS = 5;
  private static final long RESULT_SECONDS = 60;

  private final SessionServiceGrpc.SessionServiceBlockingStub stub;
  private final String site;
  private final Retry.Policy retries;

  ReportingStub(Channel channel, String site, Retry.Policy retries) {
    this.stub = SessionServiceGrpc.newBlockingStub(channel);
    this.site = site;
    this.retries = retries;
  }

  @Override
  public boolean progress(String taskId, double fraction, String phase) {
    TaskProgress progress = TaskProgress.newBuilder().setFraction(fraction).setPhase(phase).build();
    try {
      return stub.withDeadlineAfter(PROGRESS_SECONDS, TimeUnit.SECONDS)
          .reportTask(request(taskId).setProgress(progress).build())
          .getWanted();
    } catch (StatusRuntimeException e) {
      // The session says in the log that the coordinator is away; the task goes on meanwhile.
      LOG.debug("progress of task {} was not heard: {}", taskId, e.getStatus());
      return switch (e.getStatus().getCode()) {
        case NOT_FOUND -> false;
        default -> true;
      };
    }
  }

  @Override
  public void done(String taskId, TaskOutcome outcome) throws InterruptedException {
    repeat(
        "reporting the result of task " + taskId,
        request(taskId).setResult(TaskMessages.message(outcome)).build());
  }

  @Override
  public void failed(String taskId, String message, boolean retryable) throws InterruptedException {
    TaskFailure failure =
        TaskFailure.newBuilder().setMessage(message).setRetryable(retryable).build();
    repeat("reporting the failure of task " + taskId, request(taskId).setFailure(failure).build());
  }

  private void repeat(String what, ReportTaskRequest request) throws InterruptedException {
    Retry retry = retries.start(what);
    while (true) {
      try {
        boolean wanted =
            stub.withDeadlineAfter(RESULT_SECONDS, TimeUnit.SECONDS)
                .reportTask(request)
                .getWanted();
        LOG.debug("{} was heard; wanted: {}", what, wanted);
        retry.succeeded();
        return;
      } catch (StatusRuntimeException e) {
        String why = Failures.describe(e.getStatus());
        if (!Failures.passing(e.getStatus())) {
          LOG.error("{} was refused: {}", what, why);
          return;
        }
        retry.pause(why);
      }
    }
  }

  private ReportTaskRequest.Builder request(String taskId) {
    return ReportTaskRequest.newBuilder().setSite(site).setTaskId(taskId);
  }
}
