package io.neurograft.neural.data;

import io.neurograft.neural.config.InvalidInputException;
import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.zip.GZIPInputStream;

/** A binary file, gzipped if its name ends in {@code .gz}, whose every fault names the place. */
final class ByteSource implements AutoCloseable {
  private static final int BUFFER = 1 << 16;

  private final Path file;
  private final InputStream in;
  private long position;

  private ByteSource(Path file, InputStream in) {
    this.file = file;
    this.in = in;
  }

  static ByteSource open(Path file) {
    try {
      InputStream raw = Files.newInputStream(file);
      try {
        boolean zipped = file.toString().endsWith(".gz");
        InputStream in = zipped ? new GZIPInputStream(raw, BUFFER) : raw;
        return new ByteSource(file, new BufferedInputStream(in, BUFFER));
      } catch (IOException e) {
        raw.close();
        throw e;
      }
    } catch (IOException e) {
      throw unreadable(file, e);
    }
  }

  /** The next bytes; memory grows with what is there, not with what is asked for. */
  byte[] read(int count, String what) {
    byte[] bytes;
    try {
      bytes = in.readNBytes(count);
    } catch (EOFException e) {
      throw fault("is truncated inside " + what);
    } catch (IOException e) {
      throw unreadable(file, e);
    }
    if (bytes.length < count) {
      throw fault(
          "ends at byte %d, expected %d bytes of %s from byte %d on"
              .formatted(position + bytes.length, count, what, position));
    }
    position += count;
    return bytes;
  }

  /** The next four bytes as a big-endian number. */
  int readInt(String what) {
    return ByteBuffer.wrap(read(Integer.BYTES, what)).getInt();
  }

  boolean atEnd() {
    try {
      in.mark(1);
      boolean end = in.read() < 0;
      in.reset();
      return end;
    } catch (EOFException e) {
      throw fault("is truncated after byte " + position);
    } catch (IOException e) {
      throw unreadable(file, e);
    }
  }

  long position() {
    return position;
  }

  InvalidInputException fault(String message) {
    return new InvalidInputException(file.toString(), message);
  }

  static InvalidInputException unreadable(Path file, IOException e) {
    String message =
        e instanceof NoSuchFileException ? "no such file" : "cannot be read: " + e.getMessage();
    return new InvalidInputException(file.toString(), message);
  }

  @Override
  public void close() {
    try {
      in.close();
    } catch (IOException e) {
      throw unreadable(file, e);
    }
  }
}
