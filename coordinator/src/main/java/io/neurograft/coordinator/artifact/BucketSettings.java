package io.neurograft.coordinator.artifact;

import io.neurograft.neural.config.ConfigNode;
import java.net.URI;
import java.nio.file.Path;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A bucket of an S3-compatible store.
 *
 * @param name the bucket's
 * @param prefix what the names of all objects begin with; empty, or ends with a slash
 * @param endpoint where the store is; by default Amazon's in that region
 * @param region by default {@code us-east-1}, which other stores take for theirs
 * @param credentials an AWS credentials file, whose profile {@code default} is used; by default the
 *     environment's {@code AWS_ACCESS_KEY_ID} and {@code AWS_SECRET_ACCESS_KEY}
 * @param cacheBytes what the coordinator's folder may hold beside what is in use, in bytes
 */
public record BucketSettings(
    String name,
    String prefix,
    Optional<URI> endpoint,
    String region,
    Optional<Path> credentials,
    long cacheBytes) {
  private static final Pattern PLACE =
      Pattern.compile("s3://([a-z0-9][a-z0-9.-]{1,61}[a-z0-9])(/.*)?");
  private static final String REGION = "us-east-1";
  private static final long MIB = 1 << 20;
  private static final long CACHE_MIB = 10_240;

  /**
   * Reads the settings beside a key {@code bucket}.
   *
   * @param base what files are relative to
   */
  static BucketSettings from(ConfigNode node, Path base) {
    Matcher place = PLACE.matcher(node.text("bucket"));
    if (!place.matches()) {
      node.fault("bucket", "expected s3://NAME or s3://NAME/PREFIX");
    }
    return new BucketSettings(
        place.matches() ? place.group(1) : "",
        place.matches() ? prefix(Optional.ofNullable(place.group(2)).orElse("")) : "",
        node.has("endpoint") ? endpoint(node) : Optional.empty(),
        node.text("region", REGION),
        node.has("credentials") ? Optional.of(node.path("credentials", base)) : Optional.empty(),
        MIB * node.integerOr("cache-mib", 1, Long.MAX_VALUE / MIB, CACHE_MIB));
  }

  private static String prefix(String path) {
    String inner = path.replaceAll("^/+|/+$", "");
    return inner.isEmpty() ? "" : inner + "/";
  }

  private static Optional<URI> endpoint(ConfigNode node) {
    String text = node.text("endpoint");
    try {
      URI uri = URI.create(text);
      if (uri.getHost() != null && String.valueOf(uri.getScheme()).matches("https?")) {
        return Optional.of(uri);
      }
    } catch (IllegalArgumentException e) {
      // Told below, as any other text that is none.
    }
    node.fault("endpoint", "expected http://HOST:PORT or https://HOST, found " + text);
    return Optional.empty();
  }

  /** The bucket for a person. */
  @Override
  public String toString() {
    return "s3://" + name + "/" + prefix;
  }
}
