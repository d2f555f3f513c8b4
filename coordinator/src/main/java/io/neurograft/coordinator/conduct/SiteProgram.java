package io.neurograft.coordinator.conduct;

/**
 * Who opened a line, and when: calls may arrive in another order than they were made.
 *
 * @param id of a site's program, no other program's; empty where it tells none
 * @param attempt how often that program has attached before
 */
public record SiteProgram(String id, long attempt) {
  /** Whether another line was opened by the same program. */
  public boolean same(SiteProgram other) {
    return !id.isEmpty() && id.equals(other.id);
  }

  /** Whether another line of the same program was opened later. */
  boolean before(SiteProgram other) {
    return same(other) && attempt < other.attempt;
  }
}
