package io.neurograft.coordinator.conduct;

/** The line to an attached site. Its methods neither block nor throw; a dead line swallows. */
public interface SiteLink {
  /** Who is at the line's other end. */
  SiteProgram program();

  /** Gives the site a task; it may have it already. */
  void give(TaskOrder order);

  /** Takes a task back. */
  void revoke(String taskId, String reason);

  /** Tells that a run has ended. */
  void over(String runId);

  /**
   * Ends this line: another one of the same site has taken its place.
   *
   * @param by who opened that
   */
  void replaced(SiteProgram by);
}
