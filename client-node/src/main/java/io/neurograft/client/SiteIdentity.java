package io.neurograft.client;

import io.neurograft.client.config.NodeConfig;
import io.neurograft.neural.config.InvalidInputException;
import io.neurograft.proto.channel.ChannelSettingsException;
import io.neurograft.proto.channel.Endpoint;
import io.neurograft.proto.channel.TlsSettings;
import io.neurograft.proto.enrolment.Enrolment;
import io.neurograft.proto.enrolment.EnrolmentException;
import io.neurograft.proto.identity.Identity;
import io.neurograft.proto.identity.IdentityFolder;
import io.neurograft.proto.identity.Role;
import io.neurograft.proto.identity.Token;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** By which certificate a node calls its coordinator. */
public final class SiteIdentity {
  private static final Logger LOG = LoggerFactory.getLogger(SiteIdentity.class);

  private SiteIdentity() {}

  /**
   * Enrols a site: makes its key pair in the node's folder and has it certified.
   *
   * @throws InvalidInputException if no certificate could be had, with the reason
   */
  public static void enrol(NodeConfig config, Token token, SecureRandom random) {
    Enrolment enrolment = new Enrolment(folder(config), random);
    String failure = "expected a coordinator";
    for (Endpoint coordinator : config.coordinators()) {
      try {
        var unused =
            enrolment.enrol(coordinator, token, new Identity(Role.SITE, config.site())::equals);
        return;
      } catch (EnrolmentException | ChannelSettingsException e) {
        failure = String.valueOf(e.getMessage());
      }
    }
    throw new InvalidInputException("enrolment", failure);
  }

  /**
   * How to connect; empty for plain text.
   *
   * @throws InvalidInputException if the node has not enrolled and would speak plain text to
   *     another machine, or its certificate is another site's
   */
  static Optional<TlsSettings> tls(NodeConfig config) {
    if (config.plaintext()) {
      LOG.warn(
          "PLAIN TEXT to {}: whoever is on the way can read and change all that is sent; remove"
              + " plaintext: true from the configuration",
          config.coordinators());
    }
    renewable(config).ifPresent(identity -> checkName(identity, config.site()));
    Optional<TlsSettings> files = files(config);
    if (config.tls().isEmpty() && files.filter(tls -> tls.certificate().isEmpty()).isPresent()) {
      throw new InvalidInputException(
          "tls",
          "site "
              + config.site()
              + " has not enrolled: have the operator invite it, then run node enrol with the"
              + " token");
    }
    return files;
  }

  /**
   * The files by which a node connects, whatever is in them; empty where it speaks plain text.
   * Without a certificate where it has not enrolled and must.
   */
  public static Optional<TlsSettings> files(NodeConfig config) {
    if (config.plaintext()) {
      return Optional.empty();
    }
    Optional<IdentityFolder> enrolled = renewable(config);
    if (enrolled.isPresent()) {
      IdentityFolder identity = enrolled.get();
      return Optional.of(
          new TlsSettings(
              config.tls().flatMap(TlsSettings::trust).or(() -> Optional.of(identity.trust())),
              Optional.of(identity.identity()),
              Optional.of(identity.identity())));
    }
    boolean here = config.coordinators().stream().allMatch(Endpoint::loopback);
    return config.tls().or(() -> here ? Optional.empty() : Optional.of(TlsSettings.NONE));
  }

  /** What is renewed in time: what was given by enrolling, if that is used. */
  public static Optional<IdentityFolder> renewable(NodeConfig config) {
    boolean brought = config.tls().flatMap(TlsSettings::certificate).isPresent();
    return Optional.of(folder(config))
        .filter(identity -> identity.enrolled() && !brought && !config.plaintext());
  }

  private static IdentityFolder folder(NodeConfig config) {
    return new IdentityFolder(config.folder().resolve("identity"));
  }

  private static void checkName(IdentityFolder identity, String site) {
    try {
      Optional<Identity> named = Identity.of(identity.credentials().certificate());
      if (named.filter(new Identity(Role.SITE, site)::equals).isEmpty()) {
        throw new InvalidInputException(
            "site",
            "the certificate in "
                + identity.identity()
                + " is of "
                + named.map(Identity::toString).orElse("nobody")
                + ", not of site "
                + site);
      }
    } catch (IOException | GeneralSecurityException e) {
      throw new InvalidInputException(
          "identity " + identity.identity(), "cannot be used: " + e.getMessage());
    }
  }
}
