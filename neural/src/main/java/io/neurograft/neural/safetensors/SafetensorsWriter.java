package io.neurograft.neural.safetensors;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * Writes a safetensors file all or nothing: to a temporary file beside it, forced to the disk, then
 * renamed. The same tensors and metadata give the same bytes.
 */
public final class SafetensorsWriter {
  private static final JsonMapper JSON = JsonMapper.builder().build();

  /** A tensor's elements, handed over in pieces when they are written. */
  @FunctionalInterface
  public interface Content {
    /**
     * Hands over all elements, row by row.
     *
     * @param target takes a piece: the bytes from its buffer's position to the limit, little-endian
     */
    void writeTo(Consumer<ByteBuffer> target);
  }

  private record Item(ElementType type, List<Long> shape, Content content, long size) {}

  private final Map<String, Item> items = new LinkedHashMap<>();

  /**
   * Adds a tensor of single precision numbers.
   *
   * @param bytes gives its elements when they are written, in the machine's order, row by row
   */
  public SafetensorsWriter add(String name, List<Long> shape, Supplier<ByteBuffer> bytes) {
    return add(name, ElementType.F32, shape, target -> target.accept(bytes.get()));
  }

  /**
   * Adds a tensor of any type, which need not be in memory as a whole.
   *
   * @param content hands over just as many elements as the shape says
   */
  public SafetensorsWriter add(String name, ElementType type, List<Long> shape, Content content) {
    long size = type.bytes() * elements(shape);
    items.put(name, new Item(type, List.copyOf(shape), content, size));
    return this;
  }

  /** Adds a whole number. */
  public SafetensorsWriter add(String name, long value) {
    return add(
        name,
        ElementType.I64,
        List.of(),
        target ->
            target.accept(
                ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN).putLong(value).flip()));
  }

  /**
   * Writes the file, under another name at first, which ends in {@code .tmp}.
   *
   * @param metadata texts to carry along
   * @throws UncheckedIOException if it cannot be written; nothing is left behind then
   */
  public void write(Path file, Map<String, String> metadata) {
    Path folder = file.toAbsolutePath().getParent();
    if (folder == null) {
      throw new IllegalArgumentException(file + " is no file");
    }
    try {
      Path temporary = folder.resolve("." + file.getFileName() + "." + UUID.randomUUID() + ".tmp");
      try {
        try (FileChannel channel =
            FileChannel.open(temporary, StandardOpenOption.WRITE, StandardOpenOption.CREATE_NEW)) {
          writeAll(channel, header(metadata));
          for (var item : items.entrySet()) {
            write(channel, item.getKey(), item.getValue());
          }
          channel.force(true);
        }
        Files.move(
            temporary, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
      } finally {
        Files.deleteIfExists(temporary);
      }
    } catch (UncheckedIOException e) {
      throw new UncheckedIOException(file + " cannot be written", e.getCause());
    } catch (IOException e) {
      throw new UncheckedIOException(file + " cannot be written", e);
    }
  }

  private ByteBuffer header(Map<String, String> metadata) throws JsonProcessingException {
    ObjectNode root = JSON.createObjectNode();
    if (!metadata.isEmpty()) {
      ObjectNode texts = root.putObject("__metadata__");
      new TreeMap<>(metadata).forEach(texts::put);
    }
    long offset = 0;
    for (var entry : items.entrySet()) {
      Item item = entry.getValue();
      ObjectNode tensor = root.putObject(entry.getKey());
      tensor.put("dtype", item.type().name());
      var shape = tensor.putArray("shape");
      item.shape().forEach(shape::add);
      tensor.putArray("data_offsets").add(offset).add(offset + item.size());
      offset += item.size();
    }
    byte[] text = JSON.writeValueAsString(root).getBytes(StandardCharsets.UTF_8);
    int padded = (text.length + 7) / 8 * 8; // the data starts at a multiple of 8 bytes
    ByteBuffer header = ByteBuffer.allocate(8 + padded).order(ByteOrder.LITTLE_ENDIAN);
    header.putLong(padded).put(text);
    while (header.hasRemaining()) {
      header.put((byte) ' ');
    }
    return header.flip();
  }

  private static void write(FileChannel channel, String name, Item item) throws IOException {
    long start = channel.position();
    item.content()
        .writeTo(
            piece -> {
              try {
                writeAll(channel, piece);
              } catch (IOException e) {
                throw new UncheckedIOException(e);
              }
            });
    if (channel.position() - start != item.size()) {
      throw new IllegalStateException(
          name + ": expected " + item.size() + " bytes, was given " + (channel.position() - start));
    }
  }

  private static void writeAll(FileChannel channel, ByteBuffer bytes) throws IOException {
    while (bytes.hasRemaining()) {
      channel.write(bytes);
    }
  }

  private static long elements(List<Long> shape) {
    return shape.stream().reduce(1L, Math::multiplyExact);
  }
}
