package io.neurograft.coordinator.command;

import io.neurograft.coordinator.rpc.OperatorClient;
import io.neurograft.neural.config.InvalidInputException;
import io.neurograft.proto.channel.Endpoint;
import io.neurograft.proto.channel.TlsSettings;
import io.neurograft.proto.enrolment.Enrolment;
import io.neurograft.proto.identity.IdentityFolder;
import java.io.IOException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Where an operator's certificates are: a folder for each coordinator. */
final class OperatorIdentity {
  private static final Logger LOG = LoggerFactory.getLogger(OperatorIdentity.class);

  private OperatorIdentity() {}

  /** The folder for a coordinator, below the home folder of whoever runs this. */
  static Path byDefault(Endpoint coordinator) {
    String name = coordinator.toString().replaceAll("[^A-Za-z0-9.-]", "_");
    return Path.of(System.getProperty("user.home"), ".neurograft", name);
  }

  /**
   * Connects with the certificate of a folder; renews it first where two thirds of its life are
   * over.
   *
   * @throws InvalidInputException if the folder holds something else
   */
  static OperatorClient connect(Endpoint coordinator, IdentityFolder identity) {
    TlsSettings tls =
        new TlsSettings(
            Optional.of(identity.trust()),
            Optional.of(identity.identity()),
            Optional.of(identity.identity()));
    try {
      if (!InstantSource.system().instant().isBefore(identity.credentials().renewal())) {
        renew(coordinator, identity, tls);
      }
    } catch (IOException | GeneralSecurityException e) {
      throw new InvalidInputException(
          "identity " + identity.identity(), "cannot be used: " + e.getMessage());
    }
    return OperatorClient.to(coordinator, Optional.of(tls));
  }

  private static void renew(Endpoint coordinator, IdentityFolder identity, TlsSettings tls) {
    try (OperatorClient client = OperatorClient.to(coordinator, Optional.of(tls))) {
      client.renew(new Enrolment(identity, new SecureRandom()));
    } catch (InvalidInputException e) {
      LOG.warn("goes on with a certificate that expires soon: {}", e.getMessage());
    }
  }
}
