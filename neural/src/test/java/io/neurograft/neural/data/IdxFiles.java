package io.neurograft.neural.data;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.GZIPOutputStream;

/** Writes small IDX files. */
final class IdxFiles {
  private IdxFiles() {}

  /** Images whose pixels are all equal to {@code index}; {@code count} may lie. */
  static byte[] images(int count, int really, int rows, int columns) {
    return bytes(
        out -> {
          out.writeInt(0x0803);
          out.writeInt(count);
          out.writeInt(rows);
          out.writeInt(columns);
          for (int i = 0; i < really; i++) {
            for (int pixel = 0; pixel < rows * columns; pixel++) {
              out.writeByte(i);
            }
          }
        });
  }

  static byte[] labels(int... labels) {
    return bytes(
        out -> {
          out.writeInt(0x0801);
          out.writeInt(labels.length);
          for (int label : labels) {
            out.writeByte(label);
          }
        });
  }

  static byte[] gzip(byte[] plain) throws IOException {
    var zipped = new ByteArrayOutputStream();
    try (var out = new GZIPOutputStream(zipped)) {
      out.write(plain);
    }
    return zipped.toByteArray();
  }

  static void write(Path folder, String name, byte[] content) throws IOException {
    Files.write(folder.resolve(name), content);
  }

  private interface Writing {
    void to(DataOutputStream out) throws IOException;
  }

  private static byte[] bytes(Writing writing) {
    var bytes = new ByteArrayOutputStream();
    try (var out = new DataOutputStream(bytes)) {
      writing.to(out);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }
}
