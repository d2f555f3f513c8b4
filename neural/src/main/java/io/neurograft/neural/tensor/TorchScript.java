package io.neurograft.neural.tensor;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/**
 * Writes a TorchScript archive around methods given as text, so that every operator of the engine
 * can be called, also those that the array interface lacks. The archive is a ZIP with stored
 * entries: format version, an empty constants table, a pickled module without state, and the
 * methods' text.
 */
final class TorchScript {
  private static final byte[] EMPTY_TUPLE = {(byte) 0x80, 2, ')', '.'};

  private TorchScript() {}

  /**
   * @param methods TorchScript methods of a module {@code __torch__.Operators}, indented by two
   *     spaces
   */
  static InputStream archive(String methods) {
    String code =
        "class Operators(Module):\n"
            + "  __parameters__ = []\n"
            + "  __buffers__ = []\n"
            + "  training : bool\n"
            + methods;
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
      store(zip, "operators/version", "3\n".getBytes(StandardCharsets.US_ASCII));
      store(zip, "operators/constants.pkl", EMPTY_TUPLE);
      store(zip, "operators/data.pkl", module());
      store(zip, "operators/code/__torch__.py", code.getBytes(StandardCharsets.US_ASCII));
    } catch (IOException e) {
      throw new AssertionError("a write to memory does not fail", e);
    }
    return new ByteArrayInputStream(bytes.toByteArray());
  }

  /** The pickle of {@code __torch__.Operators} with {@code training = False}. */
  private static byte[] module() throws IOException {
    ByteArrayOutputStream pickle = new ByteArrayOutputStream();
    pickle.write(new byte[] {(byte) 0x80, 2}); // protocol 2
    pickle.write("c__torch__\nOperators\n".getBytes(StandardCharsets.US_ASCII)); // the class
    pickle.write(new byte[] {')', (byte) 0x81, '}', '('}); // new object, empty state, mark
    pickle.write(new byte[] {'X', 8, 0, 0, 0}); // a text of 8 bytes
    pickle.write("training".getBytes(StandardCharsets.US_ASCII));
    pickle.write(new byte[] {(byte) 0x89, 'u', 'b', '.'}); // False, set items, build, stop
    return pickle.toByteArray();
  }

  private static void store(ZipOutputStream zip, String name, byte[] content) throws IOException {
    ZipEntry entry = new ZipEntry(name);
    CRC32 crc = new CRC32();
    crc.update(content);
    entry.setMethod(ZipEntry.STORED);
    entry.setSize(content.length);
    entry.setCrc(crc.getValue());
    entry.setTime(0);
    zip.putNextEntry(entry);
    zip.write(content);
    zip.closeEntry();
  }
}
