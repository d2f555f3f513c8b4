package io.neurograft.simulator.chaos;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** The disk of one process, which can be filled: a small file system of its own where allowed. */
final class Disk implements AutoCloseable {
  private static final int PIECE = 1 << 12;

  private final Path folder;
  private final boolean mounted;

  private Disk(Path folder, boolean mounted) {
    this.folder = folder;
    this.mounted = mounted;
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
    String size = "size=" + mebibytes + "m";
    run("mount", "-t", "tmpfs", "-o", size, "tmpfs", folder.toString());
    return new Disk(folder, true);
  }

  private static void run(String... command) throws IOException, InterruptedException {
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    if (process.waitFor() != 0) {
      throw new IOException(String.join(" ", command) + " failed: " + said.strip());
    }
  }

  /** A part of the machine's disk, which is never filled. */
  static Disk shared(Path folder) throws IOException {
    return new Disk(Files.createDirectories(folder), false);
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

  /** Takes the disk away, with all that is on it; a folder that nobody mounted stays as it is. */
  @Override
  public void close() throws IOException {
    if (!mounted) {
      return;
    }
    try {
      run("umount", "--lazy", folder.toString());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while taking away " + folder, e);
    }
  }
}
