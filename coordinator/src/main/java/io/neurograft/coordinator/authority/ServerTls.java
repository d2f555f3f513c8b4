package io.neurograft.coordinator.authority;

import io.neurograft.neural.config.ConfigNode;
import io.neurograft.proto.channel.TlsSettings;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * How a coordinator comes by its certificates.
 *
 * @param names under which the coordinator is reached, for a certificate by its own authority; if
 *     empty, this machine's
 * @param files a certificate that the operator brings, with its key, and perhaps the authorities
 *     that clients' certificates may be of
 * @param authority certificate and key of the authority that signs here; by default one that is
 *     made in the coordinator's folder, unless the files say whom to trust: then nothing is signed
 * @param lifetime how long certificates are good that are signed here
 */
public record ServerTls(
    List<String> names, Optional<TlsSettings> files, Optional<Files> authority, Duration lifetime) {
  private static final Pattern ADDRESS = Pattern.compile("[0-9]{1,3}(\\.[0-9]{1,3}){3}|.*:.*");
  private static final Pattern NAME =
      Pattern.compile("(\\*\\.)?[A-Za-z0-9_-]+(\\.[A-Za-z0-9_-]+)*|[0-9a-fA-F:.]+");
  private static final Duration LIFETIME = Duration.ofDays(90);
  private static final Duration SHORTEST = Duration.ofSeconds(5);

  /** All by its own authority, under this machine's names. */
  public static final ServerTls DEFAULT =
      new ServerTls(List.of(), Optional.empty(), Optional.empty(), LIFETIME);

  /** A certificate and its key, in PEM. */
  public record Files(Path certificate, Path key) {}

  /**
   * Reads {@code tls} and {@code authority} of a configuration.
   *
   * @param base what files are relative to
   */
  public static ServerTls from(ConfigNode node, Path base) {
    Optional<ConfigNode> tls = node.section("tls");
    Optional<ConfigNode> authority = node.section("authority");
    return new ServerTls(
        tls.map(ServerTls::names).orElse(List.of()),
        tls.flatMap(at -> files(at, base)),
        authority
            .filter(at -> hasAny(at, "certificate", "key"))
            .map(at -> new Files(at.path("certificate", base), at.path("key", base))),
        authority.map(ServerTls::lifetime).orElse(LIFETIME));
  }

  private static List<String> names(ConfigNode tls) {
    return tls.items("names").stream()
        .map(
            item -> {
              String name = item.text();
              if (!name.isEmpty() && !NAME.matcher(name).matches()) {
                item.fault("expected a host name or an address, found \"" + name + "\"");
              }
              return name;
            })
        .toList();
  }

  private static Optional<TlsSettings> files(ConfigNode tls, Path base) {
    if (!hasAny(tls, "certificate", "key", "trust")) {
      return Optional.empty();
    }
    if (tls.has("names")) {
      tls.fault("names", "expected names or a certificate, which has its own, found both");
    }
    Optional<Path> trust =
        tls.has("trust") ? Optional.of(tls.path("trust", base)) : Optional.empty();
    Path certificate = tls.path("certificate", base);
    Path key = tls.path("key", base);
    return Optional.of(new TlsSettings(trust, Optional.of(certificate), Optional.of(key)));
  }

  private static boolean hasAny(ConfigNode node, String... keys) {
    return Arrays.stream(keys).filter(node::has).count() > 0; // each is asked for
  }

  private static Duration lifetime(ConfigNode authority) {
    Duration lifetime = authority.duration("lifetime", LIFETIME);
    if (lifetime.compareTo(SHORTEST) < 0) {
      authority.fault("lifetime", "expected at least 5s");
    }
    return lifetime;
  }

  /** Whether a text is an address rather than a name. */
  static boolean isAddress(String name) {
    return ADDRESS.matcher(name).matches();
  }
}
