package io.neurograft.client.preflight;

import io.neurograft.neural.config.IoWords;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Compares the room on a folder's disk with what a node needs there. */
final class DiskCheck {
  /** A network of 64 million weights, where nothing larger was seen yet. */
  private static final long USUAL_MODEL = 256L << 20;

  /** What a round may hold at once: a member, the fused model, and the tuned one. */
  private static final int MODELS = 3;

  private static final String MEND =
      "free some room, give the folder a larger disk, or lower minimum-free in the configuration";

  private DiskCheck() {}

  /**
   * @param member weights that the site brings, if any
   * @param minimumFree what has to stay free, in bytes
   */
  static Finding of(Path folder, Optional<Path> member, long minimumFree) {
    try {
      Path there = FolderCheck.existing(folder);
      long largest = Math.max(USUAL_MODEL, largest(folder, member));
      return judge(Files.getFileStore(there).getUsableSpace(), minimumFree, largest);
    } catch (IOException e) {
      return Finding.failed("cannot be looked at: " + IoWords.of(e), "let the node's user read it");
    } catch (UncheckedIOException e) {
      return Finding.failed("cannot be looked at: " + IoWords.of(e), "let the node's user read it");
    }
  }

  /**
   * @param free bytes that can be used now
   * @param minimumFree bytes that have to stay free
   * @param model bytes of the largest model that is expected
   */
  static Finding judge(long free, long minimumFree, long model) {
    long needed = MODELS * model;
    String found =
        "%s free; minimum-free keeps %s of it; %d models of %s take %s"
            .formatted(
                Bytes.words(free),
                Bytes.words(minimumFree),
                MODELS,
                Bytes.words(model),
                Bytes.words(needed));
    if (free <= minimumFree) {
      return Finding.failed(found, MEND);
    }
    return free - minimumFree < needed ? Finding.warning(found, MEND) : Finding.passed(found);
  }

  private static long largest(Path folder, Optional<Path> member) throws IOException {
    long largest = member.isPresent() ? size(member.get()) : 0;
    for (String kept : List.of("models", "artifacts")) {
      Path place = folder.resolve(kept);
      if (Files.isDirectory(place)) {
        try (Stream<Path> files = Files.list(place)) {
          largest = Math.max(largest, files.mapToLong(DiskCheck::size).max().orElse(0));
        }
      }
    }
    return largest;
  }

  /** 0 for what is deleted at this very moment, and for folders. */
  private static long size(Path file) {
    try {
      return Files.isRegularFile(file) ? Files.size(file) : 0;
    } catch (IOException e) {
      return 0;
    }
  }
}
