package io.neurograft.proto.artifact;

import io.neurograft.proto.artifact.ArtifactException.Reason;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An artifact that is arriving in chunks. The last chunk completes it: the digest of the whole is
 * checked, the bytes are forced to disk, and the file gets its name. Closing it earlier keeps what
 * is stored, for a later resume.
 *
 * <p>For one thread at a time.
 */
public final class IncomingArtifact implements AutoCloseable {
  private final ArtifactFolder folder;
  private final Digest digest;
  private final long size;
  // Null once the artifact is complete, or the transfer was closed.
  private @Nullable FileChannel file;
  private final RunningDigest running;
  private long stored;
  private boolean complete;
  private boolean released;

  private IncomingArtifact(
      ArtifactFolder folder, Digest digest, long size, @Nullable FileChannel file, long stored) {
    this.folder = folder;
    this.digest = digest;
    this.size = size;
    this.file = file;
    this.stored = stored;
    this.complete = file == null;
    this.running = folder.suspended().resume(digest, stored);
  }

  static IncomingArtifact open(ArtifactFolder folder, Digest digest, long size) throws IOException {
    if (folder.contains(digest)) {
      long found = folder.size(digest);
      if (found != size) {
        throw new ArtifactException(
            Reason.BAD_SIZE,
            "artifact " + digest + " has " + found + " bytes; the sender states " + size);
      }
      return new IncomingArtifact(folder, digest, size, null, size);
    }
    FileChannel file =
        FileChannel.open(
            folder.partial(digest), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    try {
      // More bytes than the artifact has can only be left from a sender that lied about the size.
      long stored = file.size() > size ? 0 : file.size();
      file.truncate(stored).position(stored);
      folder.room().reserve("artifact " + digest, size - stored);
      IncomingArtifact incoming = new IncomingArtifact(folder, digest, size, file, stored);
      if (stored == size) {
        incoming.finish(file);
      }
      return incoming;
    } catch (IOException | RuntimeException e) {
      file.close();
      throw e;
    }
  }

  /** How many bytes are stored, from the start on: where the next chunk begins. */
  public long stored() {
    return stored;
  }

  /** Whether all of it is here, under its name, on disk. */
  public boolean complete() {
    return complete;
  }

  /**
   * Stores the next chunk; the last one completes the artifact.
   *
   * @param offset where the chunk starts; must be {@link #stored()}
   * @param data 1 byte to {@link Chunks#MAX_BYTES} bytes together; read to their limits
   * @param crc32c the CRC32C that the sender states
   * @throws ArtifactException BAD_CHUNK (nothing changes), NO_ROOM (what was stored before stays),
   *     WRONG_DIGEST (everything stored is deleted)
   */
  public void append(long offset, List<ByteBuffer> data, int crc32c) throws IOException {
    FileChannel channel = file;
    if (channel == null) {
      throw bad("is complete or closed; no chunk is expected");
    }
    long length = data.stream().mapToLong(ByteBuffer::remaining).sum();
    if (length < 1 || length > Chunks.MAX_BYTES) {
      throw bad("expected a chunk of 1 to " + Chunks.MAX_BYTES + " bytes, found " + length);
    }
    if (offset != stored || length > size - stored) {
      throw bad(
          "expected a chunk at offset "
              + stored
              + " of "
              + size
              + ", found one of "
              + length
              + " bytes at offset "
              + offset);
    }
    if (Chunks.crc32c(data) != crc32c) {
      throw bad("the chunk at offset " + offset + " was damaged on its way (CRC32C differs)");
    }
    write(channel, data, length);
    stored += length;
    folder.room().release(length);
    if (stored == size) {
      finish(channel);
    } else {
      folder.writeBack().written(channel, stored - length, stored);
    }
  }

  /** Ends the transfer; what is stored stays for a later resume. */
  @Override
  public void close() throws IOException {
    if (released) {
      return;
    }
    released = true;
    long awaited = file == null ? 0 : size - stored;
    try {
      if (file != null) {
        file.close();
        file = null;
        folder.suspended().keep(digest, stored, running);
      }
    } finally {
      folder.room().release(awaited);
      folder.released(digest);
    }
  }

  private void write(FileChannel channel, List<ByteBuffer> data, long length) throws IOException {
    List<ByteBuffer> hashed = data.stream().map(ByteBuffer::duplicate).toList();
    ByteBuffer[] pieces = data.toArray(ByteBuffer[]::new);
    try {
      for (long left = length; left > 0; ) {
        left -= channel.write(pieces);
      }
    } catch (IOException e) {
      try {
        channel.truncate(stored);
      } catch (IOException truncation) {
        e.addSuppressed(truncation);
      }
      close();
      throw new ArtifactException(
          Reason.NO_ROOM,
          "cannot store artifact "
              + digest
              + " beyond "
              + stored
              + " of "
              + size
              + " bytes: "
              + e.getMessage(),
          e);
    }
    running.update(hashed);
  }

  private void finish(FileChannel channel) throws IOException {
    // From here on close() does not keep the running digest: it is spent when the rest fails.
    file = null;
    try (channel) {
      channel.force(true);
    }
    Path partial = folder.partial(digest);
    Digest found = running.finish(partial);
    if (!found.equals(digest)) {
      Files.delete(partial);
      stored = 0;
      throw new ArtifactException(
          Reason.WRONG_DIGEST,
          "what arrived as artifact " + digest + " has the digest " + found + "; it was deleted");
    }
    DurableFiles.rename(partial, folder.path(digest));
    complete = true;
  }

  private ArtifactException bad(String message) {
    return new ArtifactException(Reason.BAD_CHUNK, "artifact " + digest.brief() + ": " + message);
  }
}
