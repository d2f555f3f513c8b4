package io.neurograft.simulator.chaos;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** The disk of one process, which can be filled: a small file system of its own where allowed. */
final class Disk {
  private static final int PIECE = 1 << 12;

  private final Path folder;

  private Disk(Path folder) {
    this.folder = folder;
  }

  /**
   * Makes a disk in the machine's memory, for as long as this process and those that it starts
   * live.
   *
   * @param mebibytes its size
   * @throws IOException if it cannot be mounted
   */
  static Disk mount(Path folder, int mebibytes) throws IOException, InterruptedException {
    Files.createDirectories(folder);
    Process mount =
        new ProcessBuilder(
                "mount", "-t", "tmpfs", "-o", "size=" + mebibytes + "m", "tmpfs", folder.toString())
            .redirectErrorStream(true)
            .start();
    String said = new String(mount.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    if (mount.waitFor() != 0) {
      throw new IOException("cannot mount " + folder + ": " + said.strip());
    }
    return new Disk(folder);
  }

  /** A part of the machine's disk, which is never filled. */
  static Disk shared(Path folder) throws IOException {
    return new Disk(Files.createDirectories(folder));
  }

  /** Where the process keeps everything. */
  Path state() {
    return folder.resolve("state");
  }

  /** Takes all room that is left. */
  void fill() throws IOException {
    try (FileChannel file =
        FileChannel.open(filler(), StandardOpenOption.CREATE, StandardOpenOption.APPEND)) {
      for (int size = 256 * PIECE; size >= PIECE; size = size / 2) {
        writeUntilFull(file, size);
      }
    }
  }

  private static void writeUntilFull(FileChannel file, int size) {
    try {
      while (true) {
        ByteBuffer piece = ByteBuffer.allocate(size);
        while (piece.hasRemaining()) {
          file.write(piece);
        }
      }
    } catch (IOException e) {
      // full
    }
  }

  /** Gives the room back. */
  void free() throws IOException {
    Files.deleteIfExists(filler());
  }

  private Path filler() {
    return folder.resolve("filler");
  }
}
