package io.neurograft.coordinator.command;

import io.neurograft.coordinator.rpc.OperatorClient;
import io.neurograft.neural.config.InvalidInputException;
import io.neurograft.proto.channel.ChannelSettingsException;
import io.neurograft.proto.channel.Endpoint;
import io.neurograft.proto.channel.TlsSettings;
import io.neurograft.proto.identity.IdentityFolder;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Option;

/** The options by which an operator's command finds its coordinator. */
final class OperatorOptions {
  private static final Logger LOG = LoggerFactory.getLogger(OperatorOptions.class);

  static final String COORDINATOR = "127.0.0.1:7443";

  @Option(
      names = "--coordinator",
      paramLabel = "HOST:PORT",
      defaultValue = COORDINATOR,
      description = "Where the coordinator listens; by default ${DEFAULT-VALUE}.")
  private String coordinator = "";

  @Option(names = "--tls", description = "Use TLS, and trust the authorities of the platform.")
  private boolean tls;

  @Option(
      names = "--trust",
      paramLabel = "PEM",
      description = "Use TLS, and trust the authorities in this file.")
  private @Nullable Path trust;

  @Option(
      names = "--certificate",
      paramLabel = "PEM",
      description = "Show this certificate; needs --key.")
  private @Nullable Path certificate;

  @Option(names = "--key", paramLabel = "PEM", description = "The certificate's private key.")
  private @Nullable Path key;

  @Option(
      names = "--identity",
      paramLabel = "DIR",
      description = "What operator enrol was given; by default ~/.neurograft/HOST_PORT.")
  private @Nullable Path identity;

  @Option(
      names = "--plaintext",
      description = "Speak plain text to another machine: whoever is on the way can read and act.")
  private boolean plaintext;

  /**
   * Prepares the connection: with a certificate that the options name or that was got by enrolling;
   * in plain text to this machine where there is none.
   *
   * @throws InvalidInputException if the options cannot be used
   */
  OperatorClient connect() {
    Endpoint endpoint = endpoint(coordinator);
    Optional<TlsSettings> named = tls();
    if (named.isEmpty() && plaintext && !endpoint.loopback()) {
      LOG.warn(
          "PLAIN TEXT to {}: whoever is on the way can read all that is sent, and act as this"
              + " operator; leave out --plaintext",
          endpoint);
    }
    if (named.isPresent() || plaintext) {
      return OperatorClient.to(endpoint, named);
    }
    IdentityFolder enrolled =
        new IdentityFolder(identity == null ? OperatorIdentity.byDefault(endpoint) : identity);
    if (enrolled.enrolled()) {
      return OperatorIdentity.connect(endpoint, enrolled);
    }
    if (identity != null || !endpoint.loopback()) {
      throw new InvalidInputException(
          "identity",
          "found no certificate for "
              + endpoint
              + " in "
              + enrolled.identity()
              + "; run operator enrol with the token of an invitation");
    }
    return OperatorClient.to(endpoint, Optional.empty());
  }

  static Endpoint endpoint(String coordinator) {
    try {
      return Endpoint.parse(coordinator);
    } catch (ChannelSettingsException e) {
      throw new InvalidInputException("--coordinator", String.valueOf(e.getMessage()));
    }
  }

  private Optional<TlsSettings> tls() {
    if (!tls && trust == null && certificate == null && key == null) {
      return Optional.empty();
    }
    try {
      return Optional.of(
          new TlsSettings(
              Optional.ofNullable(trust),
              Optional.ofNullable(certificate),
              Optional.ofNullable(key)));
    } catch (ChannelSettingsException e) {
      throw new InvalidInputException("--certificate and --key", String.valueOf(e.getMessage()));
    }
  }
}
