package io.neurograft.client.rpc;

import io.neurograft.client.task.SiteTask;

/** Who does what a session brings; never waits. */
public interface TaskListener {
  /** Takes a task; the same one may come again. */
  void offer(SiteTask task);

  /** Takes note of a task that makes no sense. */
  void refuse(String taskId, String message);

  /** Drops a task. */
  void revoke(String taskId, String reason);
}
