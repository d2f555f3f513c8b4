package io.neurograft.coordinator;

import io.neurograft.coordinator.artifact.ArtifactSettings;
import io.neurograft.coordinator.authority.ServerTls;
import io.neurograft.coordinator.store.DatabaseSettings;
import io.neurograft.neural.config.Config;
import io.neurograft.neural.config.ConfigNode;
import io.neurograft.neural.config.InvalidInputException;
import io.neurograft.neural.tensor.DeviceSetting;
import io.neurograft.proto.artifact.ArtifactFolder;
import io.neurograft.proto.channel.ChannelSettingsException;
import io.neurograft.proto.channel.Endpoint;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/**
 * The configuration of a coordinator.
 *
 * <pre>{@code
 * listen: 127.0.0.1:7443
 * folder: coordinator
 * database: jdbc:postgresql://127.0.0.1/neurograft?user=coordinator
 * artifacts: {bucket: s3://neurograft, endpoint: http://127.0.0.1:9000}
 * threads: 2
 * device: auto
 * tls: {names: [coordinator.example.org]}
 * authority: {lifetime: 90d}
 * metrics: {port: 9100}
 * heartbeat: 10s
 * lease: 60s
 * takeover: 10s
 * largest-artifact: 68719476736
 * minimum-free: 1GiB
 * }</pre>
 *
 * Files and folders are relative to the configuration file; only a data URI in a run is relative to
 * the folder in which the program was started.
 *
 * @param listen where sites and operators connect; port 0 takes any free one
 * @param folder where the database and the artifacts are kept; belongs to this coordinator alone
 * @param database a PostgreSQL database; by default an SQLite file in the folder
 * @param artifacts where artifacts are kept; by default in the folder
 * @param threads threads of the engine, 1 to 256; by default 1
 * @param device where the engine computes; by default a GPU where there is one
 * @param tls empty for plain text, which is the default where only this machine can connect, and
 *     elsewhere needs {@code plaintext: true}
 * @param metrics where the status page and {@code /metrics} are served; by default nowhere, and on
 *     127.0.0.1 where only a port is given
 * @param heartbeat how often an attached site gets a sign of life
 * @param lease how long a site may be silent about its tasks before they are sent again
 * @param takeover after how long without a sign of life of a run's leader another coordinator on
 *     the same database takes the lead, or this one anew: sites have all their time again then
 * @param largestArtifact the size above which an upload is refused, in bytes
 * @param minimumFree how many bytes of the folder's disk stay free: uploads and models that would
 *     take them wait; by default 128 MiB
 */
public record CoordinatorConfig(
    Endpoint listen,
    Path folder,
    Optional<DatabaseSettings> database,
    ArtifactSettings artifacts,
    int threads,
    DeviceSetting device,
    Optional<ServerTls> tls,
    Optional<Endpoint> metrics,
    Duration heartbeat,
    Duration lease,
    Duration takeover,
    long largestArtifact,
    long minimumFree) {
  private static final int MAX_THREADS = 256;

  /** Room for the database, whatever sites send. */
  private static final long MINIMUM_FREE = 128L << 20;

  private static final String HERE = "127.0.0.1";
  private static final Endpoint LISTEN = new Endpoint(HERE, 7443);
  private static final Duration HEARTBEAT = Duration.ofSeconds(10);
  private static final Duration LEASE = Duration.ofSeconds(60);
  private static final Duration TAKEOVER = Duration.ofSeconds(10);

  /** A configuration with defaults for all but the place; plain text, no metrics. */
  public static CoordinatorConfig of(Endpoint listen, Path folder, int threads) {
    return new CoordinatorConfig(
        listen,
        folder,
        Optional.empty(),
        ArtifactSettings.DEFAULT,
        threads,
        DeviceSetting.AUTO,
        Optional.empty(),
        Optional.empty(),
        HEARTBEAT,
        LEASE,
        TAKEOVER,
        ArtifactFolder.DEFAULT_MAX_BYTES,
        MINIMUM_FREE);
  }

  /**
   * Reads a configuration file.
   *
   * @throws InvalidInputException with every fault of the file
   */
  public static CoordinatorConfig read(Path file) {
    Path parent = file.toAbsolutePath().getParent();
    Path base = parent == null ? file.toAbsolutePath() : parent;
    return Config.read(file, node -> from(node, base));
  }

  /**
   * Reads a configuration from a document's root.
   *
   * @param base what files and folders are relative to
   */
  public static CoordinatorConfig from(ConfigNode node, Path base) {
    Endpoint listen = listen(node);
    return new CoordinatorConfig(
        listen,
        node.path("folder", base),
        node.section("database").map(at -> DatabaseSettings.from(at, base)),
        node.section("artifacts")
            .map(at -> ArtifactSettings.from(at, base))
            .orElse(ArtifactSettings.DEFAULT),
        (int) node.integerOr("threads", 1, MAX_THREADS, 1),
        DeviceSetting.from(node),
        tls(node, listen, base),
        node.section("metrics").map(CoordinatorConfig::metrics),
        span(node, "heartbeat", HEARTBEAT),
        span(node, "lease", LEASE),
        span(node, "takeover", TAKEOVER),
        node.integerOr("largest-artifact", 1, Long.MAX_VALUE, ArtifactFolder.DEFAULT_MAX_BYTES),
        node.bytes("minimum-free", MINIMUM_FREE));
  }

  private static Endpoint listen(ConfigNode node) {
    try {
      return Endpoint.parse(node.text("listen", LISTEN.toString()));
    } catch (ChannelSettingsException e) {
      node.fault("listen", String.valueOf(e.getMessage()));
      return LISTEN;
    }
  }

  private static Optional<ServerTls> tls(ConfigNode node, Endpoint listen, Path base) {
    boolean plain = node.flag("plaintext", false);
    boolean signs = node.has("authority");
    boolean told = node.has("tls") || signs;
    if (plain && told) {
      node.fault("plaintext", "expected plain text or tls and authority, found both");
    }
    Optional<ServerTls> tls =
        told || !listen.loopback() ? Optional.of(ServerTls.from(node, base)) : Optional.empty();
    return plain ? Optional.empty() : tls;
  }

  private static Endpoint metrics(ConfigNode node) {
    return new Endpoint(node.text("address", HERE), (int) node.integer("port", 0, 65_535));
  }

  private static Duration span(ConfigNode node, String key, Duration byDefault) {
    Duration span = node.duration(key, byDefault);
    if (span.toMillis() < 100) {
      node.fault(key, "expected at least 100ms");
    }
    return span;
  }
}
