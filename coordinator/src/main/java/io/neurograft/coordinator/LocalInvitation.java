package io.neurograft.coordinator;

import io.neurograft.coordinator.audit.Journal;
import io.neurograft.coordinator.authority.Authorities;
import io.neurograft.coordinator.authority.Registrar;
import io.neurograft.coordinator.authority.Registrar.Invited;
import io.neurograft.coordinator.authority.ServerTls;
import io.neurograft.coordinator.store.Database;
import io.neurograft.neural.config.FolderLock;
import io.neurograft.neural.config.InvalidInputException;
import io.neurograft.neural.config.IoWords;
import io.neurograft.proto.identity.Identity;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.UserPrincipal;
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
   *     folder or database cannot be used, or the folder is another user's
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
    requireOwner(config.folder());
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

  /**
   * Whoever may write to another user's folder, such as root, would leave files there that the
   * coordinator cannot write to when it needs them.
   */
  private static void requireOwner(Path folder) {
    if (!Files.isDirectory(folder)) {
      return; // and is made, so that it has an owner who can write to it
    }
    try {
      Path probe = Files.createTempFile(folder, "owner-", ".tmp");
      try {
        Path used = folder.resolve("coordinator.lock"); // by whoever has started it, if anybody has
        UserPrincipal owner = Files.getOwner(Files.exists(used) ? used : folder);
        if (!owner.equals(Files.getOwner(probe))) {
          throw new InvalidInputException(
              "folder " + folder,
              "belongs to " + owner.getName() + "; invite as that user, who runs the coordinator");
        }
      } finally {
        Files.delete(probe);
      }
    } catch (IOException e) {
      throw new InvalidInputException("folder " + folder, "cannot be used: " + IoWords.of(e));
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
