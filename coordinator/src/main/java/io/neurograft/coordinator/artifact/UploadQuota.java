package io.neurograft.coordinator.artifact;

import io.neurograft.coordinator.store.Database;
import io.neurograft.coordinator.store.StoredArtifact;
import io.neurograft.coordinator.store.UploadTable.Sum;
import io.neurograft.neural.config.InvalidInputException;
import io.neurograft.neural.config.IoWords;
import io.neurograft.proto.artifact.ArtifactException;
import io.neurograft.proto.artifact.ArtifactException.Reason;
import io.neurograft.proto.transfer.ArtifactEndpoint;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

/**
 * How much each site may have sent that no result names, so that none fills the disk for the
 * others. What a site announces counts in full from the start, until a result of the site names it
 * or it has been collected for certain.
 */
public final class UploadQuota {
  /** By default, one site may take this part of what is free. */
  private static final int PART = 4;

  /** A task has a handful; a node that starts again and again may begin more. */
  private static final int MOST = 1000;

  private final Database database;
  private final long bytes;
  private final Duration span;

  /**
   * @param bytes how much a site may have sent that no result names
   * @param unreferencedAfter how long an artifact is kept that nobody names, after it was sent
   */
  public UploadQuota(Database database, long bytes, Duration unreferencedAfter) {
    this.database = database;
    this.bytes = bytes;
    // Sent for at most the first time, then kept for one span, and found within another.
    this.span = ArtifactEndpoint.LONGEST_UPLOAD.plus(unreferencedAfter.multipliedBy(2));
  }

  /**
   * A quarter of what is free now on the disk on which a folder is, in bytes.
   *
   * @throws InvalidInputException if the folder cannot be looked at
   */
  public static long byDefault(Path folder) {
    try {
      return Files.getFileStore(folder).getUsableSpace() / PART;
    } catch (IOException e) {
      throw new InvalidInputException("folder " + folder, "cannot be used: " + IoWords.of(e));
    }
  }

  /**
   * A site begins to send an artifact, or goes on with it.
   *
   * @param artifact of a size that was checked
   * @throws ArtifactException BAD_SIZE if it alone is more than a site may have sent; NO_ROOM if it
   *     is so together with others: once a result names these, or they are collected, it may be
   *     sent
   */
  public void begin(String site, StoredArtifact artifact) throws ArtifactException {
    Sum before =
        database.write(
            tables -> {
              tables.uploads().forget(tables.now().minus(span));
              Sum others = tables.uploads().beside(site, artifact.digest());
              if (fits(others, artifact)) {
                tables.uploads().begin(site, artifact, tables.now());
              }
              return others;
            });
    if (!fits(before, artifact)) {
      throw new ArtifactException(
          artifact.size() > bytes ? Reason.BAD_SIZE : Reason.NO_ROOM,
          "site "
              + site
              + " may have sent "
              + MOST
              + " artifacts and "
              + bytes
              + " bytes that no result names; with this artifact's "
              + artifact.size()
              + " it would be "
              + (before.count() + 1)
              + " and "
              + (before.bytes() + artifact.size()));
    }
  }

  private boolean fits(Sum others, StoredArtifact artifact) {
    return others.count() < MOST && artifact.size() <= bytes - others.bytes();
  }
}
