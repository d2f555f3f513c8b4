package io.neurograft.client.config;

import io.neurograft.client.guard.Guards;
import io.neurograft.neural.config.Config;
import io.neurograft.neural.config.ConfigNode;
import io.neurograft.neural.config.InvalidInputException;
import io.neurograft.neural.tensor.DeviceSetting;
import io.neurograft.proto.channel.ChannelSettingsException;
import io.neurograft.proto.channel.Channels;
import io.neurograft.proto.channel.Endpoint;
import io.neurograft.proto.channel.TlsSettings;
import io.neurograft.proto.identity.Identity;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * The configuration of a node.
 *
 * <pre>{@code
 * coordinator: 127.0.0.1:7443
 * site: hospital-a
 * folder: node-a
 * data: {uri: "mnist:/data", hold-back: 0.1}
 * threads: 1
 * device: auto
 * tls: {trust: ca.pem, certificate: site.pem, key: site.key}
 * metrics: {port: 9101}
 * keepalive: 20s
 * minimum-free: 1GiB
 * guards: {minimum-rows: 64, masked-only: true}
 * }</pre>
 *
 * Files and folders are relative to the configuration file; only a data URI is relative to the
 * folder in which the program was started.
 *
 * @param coordinators where the coordinator listens, at least one address; with several, {@code
 *     coordinator: [a:7443, b:7443]}, the next is tried when one fails
 * @param site the site's name: 1 to 63 of a-z, 0-9 and '-'
 * @param folder where artifacts, results and models are kept; belongs to this node alone
 * @param data what the site trains on
 * @param member weights that were trained before, a safetensors file: the site brings them instead
 *     of training a member
 * @param keptMemory how much memory, in bytes, may hold what networks gave for the site's examples
 *     from one question to the next; {@code kept-memory-mib} in the file, by default 256
 * @param threads threads of the engine, 1 to 256; by default 1
 * @param device where the engine computes; by default a GPU where there is one
 * @param tls files that the operator brings; by default what the node was given when it enrolled
 * @param plaintext speaks plain text to a coordinator on another machine; on this machine a node
 *     that has not enrolled does so anyway
 * @param metrics where {@code /metrics} is served; by default nowhere, and on 127.0.0.1 where only
 *     a port is given
 * @param keepalive how often a silent connection is probed, from 10 s to an hour; shorter than any
 *     load balancer or NAT on the way forgets silent connections; by default 20 s
 * @param minimumFree how many bytes of the folder's disk stay free: what would take them waits; by
 *     default 128 MiB
 * @param guards what the site answers in a federated fusion; by default {@link Guards#DEFAULTS}
 */
public record NodeConfig(
    List<Endpoint> coordinators,
    String site,
    Path folder,
    DataConfig data,
    Optional<Path> member,
    long keptMemory,
    int threads,
    DeviceSetting device,
    Optional<TlsSettings> tls,
    boolean plaintext,
    Optional<Endpoint> metrics,
    Duration keepalive,
    long minimumFree,
    Guards guards) {
  private static final int MAX_THREADS = 256;
  private static final int MAX_MIB = 1 << 20;
  private static final int KEPT_MIB = 256;
  private static final Duration LONGEST_KEEPALIVE = Duration.ofHours(1);

  /** Room for what a site must be able to write down whatever happens: results, ledger, audit. */
  private static final long MINIMUM_FREE = 128L << 20;

  private static final Endpoint NOWHERE = new Endpoint("127.0.0.1", 0);

  /**
   * Reads a configuration file.
   *
   * @throws InvalidInputException with every fault of the file
   */
  public static NodeConfig read(Path file) {
    Path parent = file.toAbsolutePath().getParent();
    Path base = parent == null ? file.toAbsolutePath() : parent;
    return Config.read(file, node -> from(node, base));
  }

  /**
   * Reads a configuration from a document's root.
   *
   * @param base what files and folders are relative to
   */
  public static NodeConfig from(ConfigNode node, Path base) {
    return new NodeConfig(
        endpoints(node),
        site(node),
        node.path("folder", base),
        DataConfig.from(node.requiredSection("data")),
        file(node, "member", base),
        node.integerOr("kept-memory-mib", 0, MAX_MIB, KEPT_MIB) << 20,
        (int) node.integerOr("threads", 1, MAX_THREADS, 1),
        DeviceSetting.from(node),
        node.section("tls").flatMap(tls -> tls(tls, base)),
        plaintext(node),
        node.section("metrics").map(NodeConfig::metrics),
        keepalive(node),
        node.bytes("minimum-free", MINIMUM_FREE),
        node.section("guards").map(Guards::from).orElse(Guards.DEFAULTS));
  }

  private static List<Endpoint> endpoints(ConfigNode node) {
    if (!node.has("coordinator") || !node.value().get("coordinator").isArray()) {
      String text = node.text("coordinator");
      return List.of(endpoint(text, message -> node.fault("coordinator", message)));
    }
    List<Endpoint> several =
        node.items("coordinator").stream().map(item -> endpoint(item.text(), item::fault)).toList();
    if (several.isEmpty()) {
      node.fault("coordinator", "expected at least one address");
      return List.of(NOWHERE);
    }
    return several;
  }

  private static Endpoint endpoint(String text, Consumer<String> fault) {
    if (text.isEmpty()) {
      return NOWHERE; // which is told already
    }
    try {
      Endpoint endpoint = Endpoint.parse(text);
      if (endpoint.port() == 0) {
        fault.accept("expected a port from 1 to 65535, found 0");
      }
      return endpoint;
    } catch (ChannelSettingsException e) {
      fault.accept(e.getMessage());
      return NOWHERE;
    }
  }

  private static Duration keepalive(ConfigNode node) {
    Duration span = node.duration("keepalive", Channels.KEEPALIVE);
    if (span.compareTo(Channels.SHORTEST_KEEPALIVE) < 0 || span.compareTo(LONGEST_KEEPALIVE) > 0) {
      node.fault("keepalive", "expected 10s to 1h");
      return Channels.KEEPALIVE;
    }
    return span;
  }

  private static String site(ConfigNode node) {
    String site = node.text("site");
    if (!site.isEmpty() && !Identity.isName(site)) {
      node.fault("site", "expected 1 to 63 of a-z, 0-9 and '-', found \"" + site + "\"");
    }
    return site;
  }

  private static Optional<TlsSettings> tls(ConfigNode node, Path base) {
    try {
      return Optional.of(
          new TlsSettings(
              file(node, "trust", base), file(node, "certificate", base), file(node, "key", base)));
    } catch (ChannelSettingsException e) {
      node.fault(e.getMessage());
      return Optional.empty();
    }
  }

  private static boolean plaintext(ConfigNode node) {
    boolean plain = node.flag("plaintext", false);
    if (plain && node.has("tls")) {
      node.fault("plaintext", "expected plain text or tls, found both");
    }
    return plain;
  }

  private static Optional<Path> file(ConfigNode node, String key, Path base) {
    return node.has(key) ? Optional.of(node.path(key, base)) : Optional.empty();
  }

  private static Endpoint metrics(ConfigNode node) {
    return new Endpoint(
        node.text("address", NOWHERE.host()), (int) node.integer("port", 0, 65_535));
  }
}
