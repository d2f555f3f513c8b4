package io.neurograft.coordinator;

import io.neurograft.coordinator.audit.Journal;
import io.neurograft.coordinator.authority.Authorities;
import io.neurograft.coordinator.authority.Registrar;
import io.neurograft.coordinator.authority.Registrar.Invited;
import io.neurograft.coordinator.authority.ServerTls;
import io.neurograft.coordinator.store.Database;
import io.neurograft.neural.config.FolderLock;
import io.neurograft.neural.config.InvalidInputException;
import io.neurograft.proto.identity.Identity;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;

/**
 * An invitation by whoever may read and write the coordinator's folder and database, which is how
 * the first operator comes by a certificate. The coordinator may be running.
 */
public final class LocalInvitation {
  private LocalInvitation() {}

  /**
   * Invites somebody.
   *
   * @throws InvalidInputException if the coordinator speaks plain text or signs nothing, or its
   *     folder or database cannot be used
   */
  public static Invited invite(
      CoordinatorConfig config, Identity identity, Duration valid, InstantSource wall) {
    ServerTls tls =
        config
            .tls()
            .orElseThrow(
                () ->
                    new InvalidInputException(
                        "tls",
                        "this coordinator speaks plain text, so nobody needs a certificate"));
    SecureRandom random = new SecureRandom();
    Authorities authorities = authorities(tls, config.folder(), wall, random);
    if (authorities.signing().isEmpty()) {
      throw new InvalidInputException("authority", "is missing: this coordinator signs nothing");
    }
    try (Database database = open(config, wall);
        Journal journal = Journal.open(config.folder(), wall, () -> {})) {
      return new Registrar(database, authorities, tls.lifetime(), database::now, random, journal)
          .invite("local", identity, valid);
    }
  }

  /** Where there is none yet, nobody else may make one at the same time. */
  private static Authorities authorities(
      ServerTls tls, Path folder, InstantSource wall, SecureRandom random) {
    if (Authorities.exist(tls, folder)) {
      return Authorities.open(tls, folder, wall.instant(), random);
    }
    FolderLock lock = FolderLock.take(folder, "coordinator");
    try {
      return Authorities.open(tls, folder, wall.instant(), random);
    } finally {
      lock.close();
    }
  }

  private static Database open(CoordinatorConfig config, InstantSource wall) {
    return config
        .database()
        .map(Database::open)
        .orElseGet(() -> Database.open(config.folder().resolve("coordinator.db"), wall));
  }
}
