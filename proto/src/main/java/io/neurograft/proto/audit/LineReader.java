package io.neurograft.proto.audit;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** Reads a file line by line; of a line that is too long it keeps only that. For one thread. */
final class LineReader implements AutoCloseable {
  private static final int BUFFER = 1 << 16;

  private final InputStream in;
  private final ByteArrayOutputStream line = new ByteArrayOutputStream();
  private long length; // of what was read of the present line
  private long end;

  /**
   * @param from where the first line begins, in bytes
   */
  LineReader(Path file, long from) throws IOException {
    InputStream opened = Files.newInputStream(file);
    try {
      opened.skipNBytes(from);
    } catch (IOException e) {
      opened.close();
      throw e;
    }
    in = new BufferedInputStream(opened, BUFFER);
    end = from;
  }

  /**
   * The next whole line without its end; at most {@link Line#LONGEST} bytes of it, and one more.
   * Empty where there is none; there may be one later, if somebody writes to the file.
   */
  Optional<byte[]> next() throws IOException {
    for (int b = in.read(); b >= 0; b = in.read()) {
      if (b == '\n') {
        byte[] whole = line.toByteArray();
        end += length + 1;
        length = 0;
        line.reset();
        return Optional.of(whole);
      }
      length++;
      if (line.size() <= Line.LONGEST) {
        line.write(b);
      }
    }
    return Optional.empty();
  }

  /** Where the last whole line ends, in bytes. */
  long end() {
    return end;
  }

  /** How many bytes were found behind the last whole line. */
  long torn() {
    return length;
  }

  @Override
  public void close() throws IOException {
    in.close();
  }
}
