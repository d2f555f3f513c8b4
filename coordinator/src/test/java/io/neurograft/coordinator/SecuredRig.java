package io.neurograft.coordinator;

import io.grpc.ManagedChannel;
import io.neurograft.coordinator.authority.ServerTls;
import io.neurograft.coordinator.rpc.OperatorClient;
import io.neurograft.proto.channel.Channels;
import io.neurograft.proto.channel.Endpoint;
import io.neurograft.proto.channel.TlsSettings;
import io.neurograft.proto.enrolment.Enrolment;
import io.neurograft.proto.identity.Identity;
import io.neurograft.proto.identity.IdentityFolder;
import io.neurograft.proto.identity.Role;
import io.neurograft.proto.identity.Token;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;

/** A coordinator with TLS and its own authority, and those who enrol there. */
public final class SecuredRig implements AutoCloseable {
  private static final SecureRandom RANDOM = new SecureRandom();

  private final Path folder;
  private final CoordinatorConfig config;
  private Coordinator coordinator;

  private SecuredRig(Path folder, CoordinatorConfig config) {
    this.folder = folder;
    this.config = config;
    this.coordinator = Coordinator.start(config);
  }

  public static SecuredRig start(Path folder, ServerTls tls) {
    CoordinatorConfig plain =
        CoordinatorConfig.of(new Endpoint("127.0.0.1", 0), folder.resolve("coordinator"), 1);
    return start(folder, plain, tls);
  }

  /** Starts one whose configuration is {@code plain} but for TLS. */
  public static SecuredRig start(Path folder, CoordinatorConfig plain, ServerTls tls) {
    return new SecuredRig(folder, secured(plain, tls));
  }

  /** The same configuration with TLS. */
  public static CoordinatorConfig secured(CoordinatorConfig plain, ServerTls tls) {
    return new CoordinatorConfig(
        plain.listen(),
        plain.folder(),
        plain.database(),
        plain.artifacts(),
        plain.threads(),
        plain.device(),
        Optional.of(tls),
        plain.metrics(),
        Duration.ofMillis(500),
        plain.lease(),
        plain.takeover(),
        plain.largestArtifact(),
        0);
  }

  /** Certificates that are good for a while. */
  public static ServerTls lasting(Duration lifetime) {
    return new ServerTls(ServerTls.DEFAULT.names(), Optional.empty(), Optional.empty(), lifetime);
  }

  public Endpoint endpoint() {
    return new Endpoint("127.0.0.1", coordinator.port());
  }

  public void restart() {
    restart(() -> {});
  }

  /** Starts it again, after something has happened. */
  public void restart(Runnable meanwhile) {
    coordinator.close();
    meanwhile.run();
    coordinator = Coordinator.start(config);
  }

  /** As by the local command. */
  public Token invite(Role role, String name, Duration valid) {
    return invite(role, name, valid, InstantSource.system());
  }

  /** As it was done at another time. */
  public Token invite(Role role, String name, Duration valid, InstantSource clock) {
    return LocalInvitation.invite(config, new Identity(role, name), valid, clock).token();
  }

  /** Invites and enrols. */
  public IdentityFolder enrol(Role role, String name) throws Exception {
    IdentityFolder identity = new IdentityFolder(folder.resolve(role.word() + "-" + name));
    var unused =
        new Enrolment(identity, RANDOM)
            .enrol(endpoint(), invite(role, name, Duration.ofMinutes(5)), any -> true);
    return identity;
  }

  public static TlsSettings tls(IdentityFolder identity) {
    return new TlsSettings(
        Optional.of(identity.trust()),
        Optional.of(identity.identity()),
        Optional.of(identity.identity()));
  }

  /** Enrols an operator, and connects as such. */
  public OperatorClient operator(String name) throws Exception {
    return OperatorClient.to(endpoint(), Optional.of(tls(enrol(Role.OPERATOR, name))));
  }

  public ManagedChannel channel(IdentityFolder identity) {
    return Channels.client(endpoint(), Optional.of(tls(identity))).build();
  }

  /** A connection that trusts this coordinator and shows no certificate. */
  public ManagedChannel stranger() {
    return Channels.client(
            endpoint(),
            Optional.of(TlsSettings.trusting(config.folder().resolve("authority/ca.pem"))))
        .build();
  }

  public Path folder() {
    return folder;
  }

  @Override
  public void close() {
    coordinator.close();
  }
}
