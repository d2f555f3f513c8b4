package io.neurograft.simulator;

import io.grpc.Channel;
import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.neurograft.coordinator.CoordinatorConfig;
import io.neurograft.coordinator.LocalInvitation;
import io.neurograft.coordinator.audit.Journal;
import io.neurograft.coordinator.authority.Authorities;
import io.neurograft.coordinator.authority.Registrar;
import io.neurograft.coordinator.authority.ServerTls;
import io.neurograft.coordinator.store.Database;
import io.neurograft.proto.channel.Channels;
import io.neurograft.proto.channel.Endpoint;
import io.neurograft.proto.channel.TlsSettings;
import io.neurograft.proto.enrolment.Enrolment;
import io.neurograft.proto.identity.Identity;
import io.neurograft.proto.identity.IdentityFolder;
import io.neurograft.proto.identity.SigningRequest;
import io.neurograft.simulator.command.Neurograft;
import io.neurograft.simulator.process.CoordinatorProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * A coordinator in a process of its own, with TLS and an authority of its own, and a heap too small
 * for what a caller may want it to hold; and those who have its certificates.
 */
final class SecuredCoordinator implements AutoCloseable {
  private static final int HEAP_MEBIBYTES = 96;
  private static final Duration SOON = Duration.ofMinutes(5);
  private static final SecureRandom RANDOM = new SecureRandom();

  private final Path folder;
  private final CoordinatorProcess process;
  private final Endpoint endpoint;

  private SecuredCoordinator(Path folder, CoordinatorProcess process, Endpoint endpoint) {
    this.folder = folder;
    this.process = process;
    this.endpoint = endpoint;
  }

  /** Starts one; returns when it listens. */
  static SecuredCoordinator start(Path folder) throws IOException, InterruptedException {
    CoordinatorProcess process =
        CoordinatorProcess.start(
            Neurograft.class.getName(),
            folder,
            HEAP_MEBIBYTES,
            "tls: {names: [localhost, 127.0.0.1]}\nheartbeat: 200ms\n");
    try {
      return new SecuredCoordinator(folder, process, process.awaitEndpoint());
    } catch (IOException | InterruptedException | RuntimeException e) {
      process.close();
      throw e;
    }
  }

  Endpoint endpoint() {
    return endpoint;
  }

  CoordinatorProcess process() {
    return process;
  }

  /** All that it has logged so far. */
  String log() throws IOException {
    return Files.readString(folder.resolve("log.txt"));
  }

  /** The authority's certificate: all that a stranger needs to connect. */
  Path trust() {
    return folder.resolve("data/authority/ca.pem");
  }

  /** Invites somebody, as on the coordinator's machine, and enrols over the wire. */
  IdentityFolder enrol(Identity identity) throws Exception {
    CoordinatorConfig config = CoordinatorConfig.read(folder.resolve("coordinator.yaml"));
    var invited = LocalInvitation.invite(config, identity, SOON, InstantSource.system());
    IdentityFolder made = identityFolder(folder, identity);
    var unused = new Enrolment(made, RANDOM).enrol(endpoint, invited.token(), identity::equals);
    return made;
  }

  /** A certificate that this coordinator's authority gave at some time. */
  IdentityFolder issue(Identity identity, Instant at, Duration lifetime) throws Exception {
    return issue(folder.resolve("data"), identity, at, lifetime);
  }

  /**
   * A certificate that the authority in a coordinator's folder gave at some time; it is made where
   * there is none.
   */
  static IdentityFolder issue(Path data, Identity identity, Instant at, Duration lifetime)
      throws Exception {
    Files.createDirectories(data);
    IdentityFolder made = identityFolder(data, identity);
    KeyPair keys = made.nextKeys(RANDOM);
    Authorities authorities = Authorities.open(ServerTls.DEFAULT, data, Instant.now(), RANDOM);
    try (Database database = Database.open(data.resolve("coordinator.db"), InstantSource.system());
        Journal journal = Journal.open(data, InstantSource.system(), () -> {})) {
      Registrar registrar =
          new Registrar(database, authorities, lifetime, () -> at, RANDOM, journal);
      String secret = registrar.invite("local", identity, SOON).token().secret();
      Registrar.Issued issued = registrar.enrol(secret, SigningRequest.of(keys));
      made.store(issued.chain(), issued.trust(), keys);
    }
    return made;
  }

  /** Another each time, so that somebody may have several certificates. */
  private static IdentityFolder identityFolder(Path beside, Identity identity) throws IOException {
    return new IdentityFolder(
        Files.createTempDirectory(beside, identity.role().word() + "-" + identity.name() + "-"));
  }

  /** How somebody connects who trusts this coordinator and shows a certificate. */
  TlsSettings showing(IdentityFolder identity) {
    return new TlsSettings(
        Optional.of(trust()), Optional.of(identity.identity()), Optional.of(identity.identity()));
  }

  /** How somebody connects who trusts this coordinator and has no certificate. */
  TlsSettings showingNothing() {
    return TlsSettings.trusting(trust());
  }

  /** A connection, which nobody has dialled yet. */
  ManagedChannel channel(TlsSettings tls) {
    return Channels.client(endpoint, Optional.of(tls)).build();
  }

  /** How a call ends that is made over a connection of its own. */
  Status ask(TlsSettings tls, Consumer<Channel> call) {
    ManagedChannel channel = channel(tls);
    try {
      return ask(channel, call);
    } finally {
      channel.shutdownNow();
    }
  }

  /** How a call ends. */
  static Status ask(Channel channel, Consumer<Channel> call) {
    try {
      call.accept(channel);
      return Status.OK;
    } catch (StatusRuntimeException e) {
      return e.getStatus();
    }
  }

  @Override
  public void close() {
    process.close();
  }
}
