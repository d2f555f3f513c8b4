package io.neurograft.client;

import io.neurograft.client.task.SiteTask;
import io.neurograft.client.task.TaskOutcome;
import io.neurograft.client.task.TaskReporter;
import io.neurograft.proto.audit.Act;
import io.neurograft.proto.audit.AuditLog;
import io.neurograft.proto.audit.Deed;
import java.util.Locale;

/** What a node's audit log tells besides questions: which tasks it took, and what it sent. */
final class NodeAudit implements AutoCloseable {
  private final AuditLog log;
  private final String who;

  private NodeAudit(AuditLog log, String who) {
    this.log = log;
    this.who = who;
  }

  /** Notes that a node was started; when this is closed, that it was stopped. */
  static NodeAudit start(AuditLog log, String site, String version) {
    NodeAudit audit = new NodeAudit(log, "site " + site);
    log.note(Deed.of(audit.who, Act.PROGRAM_STARTED).about("version", version));
    return audit;
  }

  @Override
  public void close() {
    log.note(Deed.of(who, Act.PROGRAM_STOPPED));
  }

  /** Notes a task that the site takes. */
  void taken(SiteTask task) {
    log.note(
        Deed.of(who, Act.TASK_TAKEN)
            .about("run", task.run())
            .about("task", task.id())
            .about("kind", task.work().kind()));
  }

  /** Notes each result on its way out. */
  static TaskReporter reporting(AuditLog log, String site, TaskReporter reporter) {
    return new TaskReporter() {
      @Override
      public boolean progress(String taskId, double fraction, String phase) {
        return reporter.progress(taskId, fraction, phase);
      }

      @Override
      public void done(String taskId, TaskOutcome outcome) throws InterruptedException {
        Deed deed = Deed.of("site " + site, Act.RESULT_SENT).about("task", taskId);
        outcome
            .artifacts()
            .forEach(
                sent ->
                    deed.about(sent.kind().name().toLowerCase(Locale.ROOT), sent.digest().hex()));
        log.note(deed);
        reporter.done(taskId, outcome);
      }

      @Override
      public void failed(String taskId, String message, boolean retryable)
          throws InterruptedException {
        reporter.failed(taskId, message, retryable);
      }
    };
  }
}
