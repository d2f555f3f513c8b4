package io.neurograft.coordinator.artifact;

import io.neurograft.neural.config.ConfigNode;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Where artifacts are kept, and for how long those that nobody names.
 *
 * <pre>{@code
 * artifacts:
 *   bucket: s3://neurograft/runs
 *   endpoint: http://127.0.0.1:9000
 *   region: eu-central-1
 *   credentials: s3.credentials
 *   cache-mib: 10240
 *   unreferenced-after: 1h
 *   unreported: 20GiB
 * }</pre>
 *
 * @param bucket by default none: then the coordinator's folder is the only place
 * @param unreferencedAfter how long an artifact is kept that nobody names, after it was sent
 * @param unreported how many bytes a site may have sent that no result names yet; by default a part
 *     of the folder's disk
 */
public record ArtifactSettings(
    Optional<BucketSettings> bucket, Duration unreferencedAfter, OptionalLong unreported) {
  private static final Duration UNREFERENCED_AFTER = Duration.ofHours(1);

  /** The folder alone, and an hour. */
  public static final ArtifactSettings DEFAULT =
      new ArtifactSettings(Optional.empty(), UNREFERENCED_AFTER, OptionalLong.empty());

  /**
   * Reads the settings from a configuration.
   *
   * @param base what files are relative to
   */
  public static ArtifactSettings from(ConfigNode node, Path base) {
    Duration span = node.duration("unreferenced-after", UNREFERENCED_AFTER);
    if (span.toMillis() < 1000) {
      node.fault("unreferenced-after", "expected at least 1s");
    }
    return new ArtifactSettings(
        node.has("bucket") ? Optional.of(BucketSettings.from(node, base)) : Optional.empty(),
        span,
        node.has("unreported")
            ? OptionalLong.of(node.bytes("unreported", 0))
            : OptionalLong.empty());
  }
}
