package io.neurograft.proto.artifact;

import io.neurograft.proto.artifact.ArtifactException.Reason;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;

/**
 * A folder of artifacts. A complete artifact is a file named by its digest; one that is still
 * arriving lies under {@code incoming/}, and its length is the offset at which its transfer goes
 * on. A file gets its final name only after its digest was checked and its bytes were forced to
 * disk, so whatever has a digest for a name is whole, after a crash too.
 *
 * <p>Safe for use by several threads of one process; a folder belongs to one process.
 */
public final class ArtifactFolder {
  /** The default limit of an artifact's size: 64 GiB. */
  public static final long DEFAULT_MAX_BYTES = 64L << 30;

  private static final String PARTIAL = ".part";

  private final Path folder;
  private final Path incoming;
  private final long maxBytes;
  private final DiskRoom room;
  private final Set<Digest> writing = ConcurrentHashMap.newKeySet();
  private final SuspendedDigests suspended = new SuspendedDigests();
  private final WriteBack writeBack = new WriteBack();

  private ArtifactFolder(Path folder, long maxBytes, long keptFree) {
    this.folder = folder;
    this.incoming = folder.resolve("incoming");
    this.maxBytes = maxBytes;
    this.room = new DiskRoom(folder, keptFree);
  }

  /** Opens a folder with the default limit, creating it where it is missing. */
  public static ArtifactFolder open(Path folder) throws IOException {
    return open(folder, DEFAULT_MAX_BYTES, 0);
  }

  /**
   * Opens a folder, creating it where it is missing, and deletes unfinished local files: those
   * below {@code incoming/} whose names end in {@code .tmp}.
   *
   * @param maxBytes the size above which an artifact is refused
   * @param keptFree how many bytes of the disk no artifact may take
   */
  public static ArtifactFolder open(Path folder, long maxBytes, long keptFree) throws IOException {
    ArtifactFolder artifacts = new ArtifactFolder(folder, maxBytes, keptFree);
    Files.createDirectories(artifacts.incoming);
    DurableFiles.clear(artifacts.incoming);
    return artifacts;
  }

  /** Whether the artifact is here, complete. */
  public boolean contains(Digest digest) {
    return Files.isRegularFile(path(digest));
  }

  /** The file of a complete artifact, for reading only. */
  public Optional<Path> find(Digest digest) {
    return contains(digest) ? Optional.of(path(digest)) : Optional.empty();
  }

  /**
   * The size of a complete artifact, in bytes.
   *
   * @throws ArtifactException NOT_FOUND
   */
  public long size(Digest digest) throws IOException {
    return Files.size(existing(digest));
  }

  /**
   * Opens a complete artifact, positioned at an offset; the caller closes it.
   *
   * @throws ArtifactException NOT_FOUND, or BEYOND_END if the offset is negative or beyond the end
   */
  public FileChannel read(Digest digest, long offset) throws IOException {
    FileChannel channel = FileChannel.open(existing(digest), StandardOpenOption.READ);
    if (offset < 0 || offset > channel.size()) {
      long size = channel.size();
      channel.close();
      throw new ArtifactException(
          Reason.BEYOND_END,
          "offset " + offset + " lies outside artifact " + digest + " of " + size + " bytes");
    }
    return channel.position(offset);
  }

  /**
   * Begins or resumes to store an artifact that comes in chunks. The caller closes what it gets;
   * until then nobody else can store the same artifact.
   *
   * @param size the size the sender states, in bytes
   * @throws ArtifactException BAD_SIZE, BUSY, NO_ROOM, or WRONG_DIGEST if all bytes were here
   *     already but are not the right ones
   */
  public IncomingArtifact receive(Digest digest, long size) throws IOException {
    checkSize(size);
    if (!writing.add(digest)) {
      throw new ArtifactException(
          Reason.BUSY, "artifact " + digest + " is being stored by another transfer right now");
    }
    try {
      return IncomingArtifact.open(this, digest, size);
    } catch (IOException | RuntimeException e) {
      writing.remove(digest);
      throw e;
    }
  }

  /**
   * A path for a file to be made here and then given to {@link #add}.
   *
   * @throws ArtifactException NO_ROOM
   */
  public Path newFile() throws IOException {
    requireRoom("a new artifact", 0);
    return Files.createTempFile(incoming, "new-", ".tmp");
  }

  /**
   * Takes over a file that was made on this machine: it is moved here and named by its digest.
   *
   * @throws ArtifactException BAD_SIZE if it is empty or above the limit; NO_ROOM if it takes what
   *     is to be kept free
   */
  public Digest add(Path file) throws IOException {
    checkSize(Files.size(file));
    requireRoom("a new artifact of " + Files.size(file) + " bytes", 0);
    Digest digest = Digest.of(file);
    DurableFiles.force(file);
    try {
      DurableFiles.rename(file, path(digest));
    } catch (AtomicMoveNotSupportedException e) {
      // It lies on another file system: bring it to this one first, then name it in one step.
      Path copy = newFile();
      Files.copy(file, copy, java.nio.file.StandardCopyOption.REPLACE_EXISTING);
      DurableFiles.force(copy);
      DurableFiles.rename(copy, path(digest));
      Files.delete(file);
    }
    return digest;
  }

  /** The files of all complete artifacts, handed over one after another. */
  public void forEach(Consumer<Path> visitor) throws IOException {
    try (DirectoryStream<Path> files =
        Files.newDirectoryStream(folder, file -> Digest.matches(file.getFileName().toString()))) {
      files.forEach(visitor);
    } catch (DirectoryIteratorException e) {
      throw e.getCause();
    }
  }

  /**
   * Deletes what arrived in part before a time and was not gone on with since.
   *
   * @return how many bytes it had
   */
  public long deletePartials(Instant before) throws IOException {
    long bytes = 0;
    try (DirectoryStream<Path> parts = Files.newDirectoryStream(incoming, "?*" + PARTIAL)) {
      for (Path part : parts) {
        String name = part.getFileName().toString();
        String hex = name.substring(0, name.length() - PARTIAL.length());
        if (!Digest.matches(hex)) {
          continue;
        }
        Digest digest = new Digest(hex);
        if (Files.getLastModifiedTime(part).toInstant().isBefore(before) && writing.add(digest)) {
          try {
            bytes += Files.exists(part) ? Files.size(part) : 0;
            Files.deleteIfExists(part);
          } finally {
            writing.remove(digest);
          }
        }
      }
    } catch (DirectoryIteratorException e) {
      throw e.getCause();
    } catch (NoSuchFileException e) {
      return bytes; // it was completed meanwhile
    }
    return bytes;
  }

  /** Deletes a complete artifact, if it is here. */
  public void delete(Digest digest) throws IOException {
    Files.deleteIfExists(path(digest));
  }

  /** Deletes every artifact but these, incomplete ones too; none that is being stored right now. */
  public void retain(Set<Digest> kept) throws IOException {
    retain(folder, "", kept);
    retain(incoming, PARTIAL, kept);
  }

  private void retain(Path place, String ending, Set<Digest> kept) throws IOException {
    try (DirectoryStream<Path> files = Files.newDirectoryStream(place, "?*" + ending)) {
      for (Path file : files) {
        String name = file.getFileName().toString();
        String hex = name.substring(0, name.length() - ending.length());
        if (Digest.matches(hex)
            && !kept.contains(new Digest(hex))
            && !writing.contains(new Digest(hex))) {
          Files.deleteIfExists(file);
        }
      }
    }
  }

  Path path(Digest digest) {
    return folder.resolve(digest.hex());
  }

  Path partial(Digest digest) {
    return incoming.resolve(digest.hex() + PARTIAL);
  }

  SuspendedDigests suspended() {
    return suspended;
  }

  WriteBack writeBack() {
    return writeBack;
  }

  DiskRoom room() {
    return room;
  }

  void released(Digest digest) {
    writing.remove(digest);
  }

  /**
   * Refuses what would fill the disk, together with what transfers under way are still to bring.
   *
   * @param what is to be stored, for people
   * @param needed how many bytes it will take
   * @throws ArtifactException NO_ROOM
   */
  public void requireRoom(String what, long needed) throws IOException {
    room.require(what, needed);
  }

  private Path existing(Digest digest) throws ArtifactException {
    return find(digest)
        .orElseThrow(
            () -> new ArtifactException(Reason.NOT_FOUND, "there is no artifact " + digest));
  }

  /**
   * Makes sure that an artifact of this size may be here.
   *
   * @throws ArtifactException BAD_SIZE if it is smaller than a byte or larger than the largest
   */
  public void checkSize(long size) throws ArtifactException {
    if (size < 1 || size > maxBytes) {
      throw new ArtifactException(
          Reason.BAD_SIZE,
          "expected an artifact of 1 to " + maxBytes + " bytes, found one of " + size + " bytes");
    }
  }
}
