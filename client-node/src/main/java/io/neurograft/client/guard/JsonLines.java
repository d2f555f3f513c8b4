package io.neurograft.client.guard;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.neurograft.neural.config.InvalidInputException;
import io.neurograft.proto.artifact.DurableFiles;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A file of JSON objects, one a line, that only grows. A line is on disk when {@link #append}
 * returns. What a power cut or a full disk left of a line that was not is removed; any other damage
 * is a fault. For one thread, and one program at a time.
 */
final class JsonLines {
  private static final Logger LOG = LoggerFactory.getLogger(JsonLines.class);
  private static final ObjectMapper JSON =
      new ObjectMapper().enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

  private final Path file;
  private long end; // of the last whole line, in bytes
  private boolean failed; // the last append, so that part of its line may follow

  private JsonLines(Path file) {
    this.file = file;
  }

  /**
   * Opens a file, creating it, for its owner alone, where it is missing.
   *
   * @param reader takes each line that is there, in order; throws an IllegalArgumentException if it
   *     is not what was written
   * @throws InvalidInputException if a line is damaged
   */
  static JsonLines open(Path file, Consumer<JsonNode> reader) throws IOException {
    JsonLines lines = new JsonLines(file);
    if (!Files.exists(file)) {
      Files.createFile(file, forTheOwner(file));
      DurableFiles.force(file.toAbsolutePath().resolveSibling(""));
    }
    byte[] last = lines.read(reader);
    if (last.length > 0) {
      lines.repair(last, reader);
    }
    return lines;
  }

  /**
   * Adds a line and forces it to disk.
   *
   * @throws IOException if it may not be there; the line can be added again
   */
  void append(ObjectNode line) throws IOException {
    ByteBuffer bytes = ByteBuffer.wrap((line + "\n").getBytes(StandardCharsets.UTF_8));
    // Opened every time: a channel that is held is closed for good by one interrupt.
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
      if (channel.size() != end && !(failed && channel.size() > end)) {
        throw new IOException(file + " was changed by another program; restart the node");
      }
      failed = true;
      channel.truncate(end); // what is left of a line that failed
      long at = end;
      while (bytes.hasRemaining()) {
        at += channel.write(bytes, at);
      }
      channel.force(true);
      end = at;
      failed = false;
    }
  }

  /** Reads the whole lines; returns what follows the last of them. */
  private byte[] read(Consumer<JsonNode> reader) throws IOException {
    ByteArrayOutputStream line = new ByteArrayOutputStream();
    try (InputStream in = new BufferedInputStream(Files.newInputStream(file))) {
      int number = 1;
      for (int b = in.read(); b >= 0; b = in.read()) {
        if (b != '\n') {
          line.write(b);
          continue;
        }
        try {
          reader.accept(parse(line.toByteArray()));
        } catch (JsonProcessingException | IllegalArgumentException e) {
          throw damaged("line " + number, e);
        }
        end += line.size() + 1;
        line.reset();
        number++;
      }
    }
    return line.toByteArray();
  }

  /** Ends a last line that only lacks its end, and removes one that was never whole. */
  private void repair(byte[] last, Consumer<JsonNode> reader) throws IOException {
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
      try {
        reader.accept(parse(last));
        channel.write(ByteBuffer.wrap(new byte[] {'\n'}), end + last.length);
        end += last.length + 1;
      } catch (JsonProcessingException e) {
        LOG.warn("{}: the last line was cut off when it was written; removing it", file);
        channel.truncate(end);
      } catch (IllegalArgumentException e) {
        throw damaged("the last line", e);
      }
      channel.force(true);
    }
  }

  private static JsonNode parse(byte[] line) throws JsonProcessingException {
    JsonNode json = JSON.readTree(new String(line, StandardCharsets.UTF_8));
    if (!json.isObject()) {
      throw new IllegalArgumentException("expected a JSON object");
    }
    return json;
  }

  private InvalidInputException damaged(String place, Exception why) {
    String message = String.valueOf(why.getMessage()).lines().findFirst().orElse("");
    return new InvalidInputException(
        file.toString(), place + " is damaged (" + message + "); restore the file from a copy");
  }

  private static FileAttribute<?>[] forTheOwner(Path file) {
    if (!file.getFileSystem().supportedFileAttributeViews().contains("posix")) {
      return new FileAttribute<?>[0];
    }
    return new FileAttribute<?>[] {
      PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"))
    };
  }
}
