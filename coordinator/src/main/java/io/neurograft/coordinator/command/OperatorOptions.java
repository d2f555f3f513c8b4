package io.neurograft.coordinator.command;

import io.neurograft.coordinator.rpc.OperatorClient;
import io.neurograft.neural.config.InvalidInputException;
import io.neurograft.proto.channel.ChannelSettingsException;
import io.neurograft.proto.channel.Endpoint;
import io.neurograft.proto.channel.TlsSettings;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The options by which an operator's command finds its coordinator. */
final class OperatorOptions {
  @Option(
      names = "--coordinator",
      paramLabel = "HOST:PORT",
      defaultValue = "127.0.0.1:7443",
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

  /**
   * Prepares the connection.
   *
   * @throws InvalidInputException if the options cannot be used
   */
  OperatorClient connect() {
    return OperatorClient.to(endpoint(), tls());
  }

  private Endpoint endpoint() {
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
