package io.neurograft.proto.identity;

import io.neurograft.proto.artifact.DurableFiles;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.EnumSet;
import java.util.Set;

/** Files that nobody but their owner may read, from the moment they are there. */
public final class SecretFiles {
  private static final FileAttribute<Set<PosixFilePermission>> FILE =
      PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));
  private static final FileAttribute<Set<PosixFilePermission>> FOLDER =
      PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));

  private SecretFiles() {}

  /** Makes a folder for them, with those above it, unless it is there. */
  public static Path folder(Path folder) throws IOException {
    if (Files.isDirectory(folder)) {
      return folder;
    }
    Path parent = folder.toAbsolutePath().getParent();
    if (parent != null) {
      Files.createDirectories(parent);
    }
    return Files.createDirectory(folder, FOLDER);
  }

  /** Makes an empty file; that it is there is on the disk when this returns. */
  public static void create(Path file) throws IOException {
    Files.createFile(file, FILE);
    DurableFiles.force(file.toAbsolutePath().resolveSibling(""));
  }

  /** Writes a text as a whole or not at all; it is on the disk when this returns. */
  public static void write(Path file, String text) throws IOException {
    Path temporary = DurableFiles.temporary(file);
    Files.deleteIfExists(temporary);
    try {
      try (FileChannel out =
          FileChannel.open(
              temporary,
              EnumSet.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
              FILE)) {
        ByteBuffer bytes = ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
        while (bytes.hasRemaining()) {
          out.write(bytes);
        }
        out.force(true);
      }
      DurableFiles.rename(temporary, file);
    } finally {
      Files.deleteIfExists(temporary); // has another name now, unless something failed
    }
  }
}
