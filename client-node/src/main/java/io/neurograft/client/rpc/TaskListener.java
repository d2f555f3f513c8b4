package io.neurograft.client.rpc;

import io.neurograft.client.task.SiteTask;
import java.util.List;

/** Who does what a session brings; never waits. */
public interface TaskListener {
  /** The runs for which something is kept, until they are over. */
  List<String> runs();

  /** Takes a task; the same one may come again. */
  void offer(SiteTask task);

  /** Takes note of a task that makes no sense. */
  void refuse(String taskId, String message);

  /** Lets go of what is kept for a run: it has ended. */
  void over(String runId);

  /** Drops a task. */
  void revoke(String taskId, String reason);
}
