package io.neurograft.client.task;

import io.neurograft.neural.config.InvalidInputException;
import io.neurograft.neural.masking.MaskingKeys;
import io.neurograft.proto.artifact.Digest;
import io.neurograft.proto.artifact.DurableFiles;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.HexFormat;

/**
 * The site's keys for the masks of each run, one small file each, that nobody but the node's user
 * can read. A key is made when its run trains, and deleted when the run is over.
 */
public final class RunKeys {
  private final String site;
  private final Path folder;
  private final SecureRandom random = new SecureRandom();

  private RunKeys(String site, Path folder) {
    this.site = site;
    this.folder = folder;
  }

  /** Opens a folder of keys, creating it where it is missing; deletes what a crash left of one. */
  public static RunKeys open(String site, Path folder) throws IOException {
    DurableFiles.clear(Files.createDirectories(folder));
    if (Files.getFileStore(folder).supportsFileAttributeView("posix")) {
      Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwx------"));
    }
    return new RunKeys(site, folder);
  }

  /** The site's name, under which its keys are known. */
  String site() {
    return site;
  }

  /** Makes a run's keys, unless they are there. */
  MaskingKeys make(String run) throws IOException {
    if (!Files.exists(file(run))) {
      MaskingKeys made = MaskingKeys.generate(random);
      DurableFiles.write(file(run), HexFormat.of().formatHex(made.privateKey()));
    }
    return of(run);
  }

  /**
   * A run's keys.
   *
   * @throws InvalidInputException if this site has none, or their file is damaged
   */
  MaskingKeys of(String run) throws IOException {
    Path file = file(run);
    if (!Files.exists(file)) {
      throw new InvalidInputException(
          "masking", "this site has no key for run " + run + "; it made none when it trained");
    }
    try {
      return MaskingKeys.of(HexFormat.of().parseHex(Files.readString(file).strip()));
    } catch (IllegalArgumentException e) {
      throw new InvalidInputException(file.toString(), "no private key in hexadecimal digits");
    }
  }

  /** Deletes a run's keys. */
  void forget(String run) throws IOException {
    Files.deleteIfExists(file(run));
  }

  private Path file(String run) {
    // The run's name comes from outside, so it becomes no path; its digest does.
    return folder.resolve(Digest.of(run.getBytes(StandardCharsets.UTF_8)).hex() + ".key");
  }
}
