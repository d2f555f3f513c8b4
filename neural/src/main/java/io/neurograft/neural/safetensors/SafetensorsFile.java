package io.neurograft.neural.safetensors;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.neurograft.neural.config.InvalidInputException;
import java.io.ByteArrayInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;

/**
 * A safetensors file that is open for reading. Its header is checked whole when it is opened: sizes
 * against the file's length, shapes against sizes, data types against a list (some abort the
 * engine, so none reaches it unchecked).
 */
public final class SafetensorsFile implements AutoCloseable {
  private static final int LARGEST_HEADER = 16 << 20;
  private static final int BUFFER = 1 << 20;

  /** What some twenty thousand tensors take; each token becomes an object some times its length. */
  private static final long MOST_TOKENS = 1 << 19;

  /** A tensor's shape lies three deep. */
  private static final int DEEPEST = 8;

  private static final JsonMapper JSON =
      JsonMapper.builder(
              JsonFactory.builder()
                  .streamReadConstraints(
                      StreamReadConstraints.builder()
                          .maxTokenCount(MOST_TOKENS)
                          .maxNestingDepth(DEEPEST)
                          .build())
                  .build())
          .enable(JsonParser.Feature.STRICT_DUPLICATE_DETECTION)
          .build();

  private final Path path;
  private final FileChannel channel;
  private final long dataStart;
  private final Map<String, TensorEntry> tensors;
  private final Map<String, String> metadata;

  private SafetensorsFile(
      Path path,
      FileChannel channel,
      long dataStart,
      Map<String, TensorEntry> tensors,
      Map<String, String> metadata) {
    this.path = path;
    this.channel = channel;
    this.dataStart = dataStart;
    this.tensors = Collections.unmodifiableMap(tensors);
    this.metadata = Collections.unmodifiableMap(metadata);
  }

  /**
   * Opens a file and checks its header.
   *
   * @throws InvalidInputException if there is no such file, or it is truncated or no safetensors
   */
  public static SafetensorsFile open(Path path) {
    FileChannel channel;
    try {
      channel = FileChannel.open(path, StandardOpenOption.READ);
    } catch (NoSuchFileException e) {
      throw new InvalidInputException(path.toString(), "no such file");
    } catch (IOException e) {
      throw new InvalidInputException(path.toString(), "cannot be opened: " + e.getMessage());
    }
    try {
      return open(path, channel);
    } catch (IOException e) {
      close(channel);
      throw new InvalidInputException(path.toString(), "cannot be read: " + e.getMessage());
    } catch (RuntimeException e) {
      close(channel);
      throw e;
    }
  }

  private static SafetensorsFile open(Path path, FileChannel channel) throws IOException {
    long size = channel.size();
    if (size < 10) {
      throw new InvalidInputException(path.toString(), "no safetensors file: " + size + " bytes");
    }
    ByteBuffer prefix = ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN);
    readFully(channel, prefix, 0);
    long headerSize = prefix.flip().getLong();
    if (headerSize < 2 || headerSize > LARGEST_HEADER) {
      throw new InvalidInputException(
          path.toString(), "no safetensors file: it states a header of " + headerSize + " bytes");
    }
    if (headerSize > size - 8) {
      throw new InvalidInputException(
          path.toString(),
          "truncated: it states a header of " + headerSize + " bytes and ends before that");
    }
    ByteBuffer header = ByteBuffer.allocate((int) headerSize);
    readFully(channel, header, 8);
    JsonNode tree = json(path, header.array());
    long dataSize = size - 8 - headerSize;
    Map<String, TensorEntry> tensors = new LinkedHashMap<>();
    Map<String, String> metadata = new TreeMap<>();
    for (var field : tree.properties()) {
      if (field.getKey().equals("__metadata__")) {
        for (var entry : field.getValue().properties()) {
          metadata.put(entry.getKey(), entry.getValue().asText());
        }
      } else {
        tensors.put(
            field.getKey(), TensorEntry.parse(path, field.getKey(), field.getValue(), dataSize));
      }
    }
    TensorEntry.checkLayout(path, tensors.values(), dataSize);
    ChannelScales.check(path.toString(), tensors);
    return new SafetensorsFile(path, channel, 8 + headerSize, tensors, metadata);
  }

  private static JsonNode json(Path path, byte[] header) throws IOException {
    try (Reader text =
        new InputStreamReader(new ByteArrayInputStream(header), StandardCharsets.UTF_8)) {
      JsonNode tree = JSON.readTree(text);
      if (tree != null && tree.isObject()) {
        return tree;
      }
    } catch (StreamConstraintsException e) {
      throw new InvalidInputException(
          path.toString(),
          "no safetensors file: its header has more parts than any network needs, or too deep");
    } catch (JsonProcessingException e) {
      throw new InvalidInputException(
          path.toString(), "no safetensors file: its header is no JSON");
    }
    throw new InvalidInputException(
        path.toString(), "no safetensors file: its header is no JSON object");
  }

  /** Where this file is. */
  public Path path() {
    return path;
  }

  /** The tensors by name, in the order of the header. */
  public Map<String, TensorEntry> tensors() {
    return tensors;
  }

  /** Whether a tensor is only there to tell the scales of another one, of type I8. */
  public boolean isScale(String name) {
    if (!name.endsWith(ChannelScales.SUFFIX)) {
      return false;
    }
    TensorEntry scaled =
        tensors.get(name.substring(0, name.length() - ChannelScales.SUFFIX.length()));
    return scaled != null && scaled.type() == ElementType.I8;
  }

  /** The texts that the file carries beside its tensors. */
  public Map<String, String> metadata() {
    return metadata;
  }

  /**
   * Reads a tensor's values as floats, converted where the file has another type.
   *
   * @param name a name from {@link #tensors()}
   * @param target takes all values, row by row; has room for just them
   * @throws InvalidInputException if a value is NaN or infinite
   */
  public void read(String name, FloatBuffer target) {
    TensorEntry entry = tensors.get(name);
    if (entry == null || target.remaining() != entry.elements()) {
      throw new IllegalArgumentException(name + ": no such tensor, or a buffer of another size");
    }
    forEach(name, entry, target::put);
  }

  /**
   * Reads a tensor's values as {@link #read} does, and keeps none of them.
   *
   * @param name a name from {@link #tensors()}
   * @throws InvalidInputException if a value is NaN or infinite
   */
  public void check(String name) {
    TensorEntry entry = tensors.get(name);
    if (entry == null) {
      throw new IllegalArgumentException(name + ": no such tensor");
    }
    forEach(name, entry, value -> {});
  }

  private interface Values {
    void next(float value);
  }

  private void forEach(String name, TensorEntry entry, Values values) {
    ChannelScales scales = ChannelScales.of(this, name, entry);
    long position = dataStart + entry.begin();
    long end = dataStart + entry.end();
    ByteBuffer buffer =
        ByteBuffer.allocateDirect((int) Math.min(BUFFER, end - position))
            .order(ByteOrder.LITTLE_ENDIAN);
    long index = 0;
    try {
      while (position < end) {
        buffer.clear().limit((int) Math.min(BUFFER, end - position));
        position += readFully(channel, buffer, position);
        buffer.flip();
        while (buffer.hasRemaining()) {
          float value = scales.value(entry.type().next(buffer), index);
          if (!Float.isFinite(value)) {
            throw new InvalidInputException(
                path.toString(), "tensor " + name + ": value " + index + " is " + value);
          }
          values.next(value);
          index++;
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(path + ": cannot be read", e);
    }
  }

  /**
   * Opens a tensor for reading its elements one after another, with a bounded buffer.
   *
   * @param name a name from {@link #tensors()}
   */
  public TensorStream stream(String name) {
    return stream(name, 0);
  }

  /**
   * Opens a tensor for reading its elements one after another, with a bounded buffer.
   *
   * @param name a name from {@link #tensors()}
   * @param from the element to begin with, row by row; at most as many as there are
   */
  public TensorStream stream(String name, long from) {
    TensorEntry entry = tensors.get(name);
    if (entry == null || from < 0 || from > entry.elements()) {
      throw new IllegalArgumentException(name + ": no such tensor, or no element " + from);
    }
    return new TensorStream(this, name, entry, from * entry.type().bytes());
  }

  /** Fills a buffer with a tensor's bytes from an offset on. */
  void fill(TensorEntry entry, long offset, ByteBuffer buffer) {
    try {
      readFully(channel, buffer, dataStart + entry.begin() + offset);
    } catch (IOException e) {
      throw new UncheckedIOException(path + ": cannot be read", e);
    }
  }

  private static int readFully(FileChannel channel, ByteBuffer buffer, long position)
      throws IOException {
    int count = 0;
    while (buffer.hasRemaining()) {
      int n = channel.read(buffer, position + count);
      if (n < 0) {
        throw new EOFException("the file ended while it was read");
      }
      count += n;
    }
    return count;
  }

  private static void close(FileChannel channel) {
    try {
      channel.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    close(channel);
  }
}
