package io.neurograft.coordinator.conduct;

/** The line to an attached site. Its methods neither block nor throw; a dead line swallows. */
public interface SiteLink {
  /** Gives the site a task; it may have it already. */
  void give(TaskOrder order);

  /** Takes a task back. */
  void revoke(String taskId, String reason);

  /** Ends this line: another one of the same site has taken its place. */
  void replaced();
}
