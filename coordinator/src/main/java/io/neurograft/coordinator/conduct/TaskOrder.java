package io.neurograft.coordinator.conduct;

import io.neurograft.coordinator.run.TransferSettings;
import java.time.Instant;

/**
 * A task as it is given to a site.
 *
 * @param network the network's specification, in YAML
 * @param deadline when the round goes on without the site
 * @param transfer how its artifacts travel
 */
public record TaskOrder(
    String taskId,
    String runId,
    String network,
    Instant deadline,
    Work work,
    TransferSettings transfer) {}
