package io.neurograft.client.task;

/**
 * A task for this site.
 *
 * @param id its identity
 * @param run the run it belongs to
 * @param network the network of the task's weights: a specification in YAML
 * @param work what to do
 * @param transfer how its artifacts travel
 */
public record SiteTask(
    String id, String run, String network, Work work, TransferSettings transfer) {
  @Override
  public String toString() {
    return work.kind() + " task " + id + " of run " + run;
  }
}
