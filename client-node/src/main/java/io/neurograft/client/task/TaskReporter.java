package io.neurograft.client.task;

/** Where a site's word on its tasks goes. */
public interface TaskReporter {
  /**
   * Tells that a task goes on; makes one attempt.
   *
   * @return false only if the coordinator says that the task is not wanted any more
   */
  boolean progress(String taskId, double fraction, String phase);

  /** Tells what came of a task; returns when the coordinator has taken or refused it. */
  void done(String taskId, TaskOutcome outcome) throws InterruptedException;

  /**
   * Tells that a task could not be done; returns when the coordinator has heard.
   *
   * @param retryable whether trying again on this site can help
   */
  void failed(String taskId, String message, boolean retryable) throws InterruptedException;
}
