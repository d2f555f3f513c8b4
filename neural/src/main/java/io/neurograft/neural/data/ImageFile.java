package io.neurograft.neural.data;

import io.neurograft.neural.config.InvalidInputException;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.Locale;
import java.util.Set;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import javax.imageio.stream.MemoryCacheImageInputStream;

/** A PNG or JPEG file, of at most 64 MiB and 4096 x 4096 pixels. */
record ImageFile(Path path) {
  private static final int MAX_SIDE = 4096;
  private static final long MAX_BYTES = 64L << 20;

  /** Deflate turns a byte into at most so many; a JPEG takes a bit for a block of 8 x 8 pixels. */
  private static final long MOST_PER_BYTE = 1032;

  private static final String PNG = "png";
  private static final Set<String> FORMATS = Set.of(PNG, "jpeg");
  private static final String EXPECTED = "expected a PNG or JPEG image";

  /**
   * Decodes the file.
   *
   * @throws InvalidInputException if it is missing, truncated, too large or no image
   */
  Picture read() {
    byte[] bytes;
    try {
      if (Files.size(path) > MAX_BYTES) {
        throw fault("expected an image file of at most 64 MiB");
      }
      bytes = Files.readAllBytes(path);
    } catch (IOException e) {
      throw ByteSource.unreadable(path, e);
    }
    requireWholeJpeg(bytes);
    try {
      return Picture.of(decode(bytes));
    } catch (InvalidInputException e) {
      throw e;
    } catch (IOException | RuntimeException e) {
      // The decoders answer some broken files with whatever went wrong inside them.
      throw fault("is damaged or truncated: " + e.getMessage());
    }
  }

  /** Decodes the file, whose shape has to be that of another one. */
  Picture readLike(ImageFile first, Picture shaped) {
    Picture picture = read();
    if (!picture.shape().equals(shaped.shape())) {
      throw fault(
          "expected %s (channels, height, width) as in %s, found %s"
              .formatted(shaped.shape(), first.path, picture.shape()));
    }
    return picture;
  }

  private BufferedImage decode(byte[] bytes) throws IOException {
    try (var in = new MemoryCacheImageInputStream(new ByteArrayInputStream(bytes))) {
      Iterator<ImageReader> readers = ImageIO.getImageReaders(in);
      if (!readers.hasNext()) {
        throw fault(EXPECTED);
      }
      ImageReader reader = readers.next();
      try {
        String format = reader.getFormatName().toLowerCase(Locale.ROOT);
        if (!FORMATS.contains(format)) {
          throw fault(EXPECTED); // Java has decoders of more formats
        }
        reader.setInput(in, true, true);
        int height = reader.getHeight(0); // the header, before anything is allocated
        int width = reader.getWidth(0);
        requireSide("high", height);
        requireSide("wide", width);
        requireContent(height, width, format.equals(PNG) ? bitsPerPixel(bytes) : 8, bytes.length);
        return reader.read(0);
      } finally {
        reader.dispose();
      }
    }
  }

  private void requireSide(String what, int pixels) {
    if (pixels < 1 || pixels > MAX_SIDE) {
      throw fault("expected 1 to %d pixels %s, found %d".formatted(MAX_SIDE, what, pixels));
    }
  }

  /** So that a file takes memory by what it holds, not by what its header states. */
  private void requireContent(int height, int width, int bits, int found) {
    long least = (long) height * width * bits / Byte.SIZE / MOST_PER_BYTE;
    if (found < least) {
      throw fault(
          "is truncated: expected at least %d bytes for %d x %d pixels, found %d"
              .formatted(least, width, height, found));
    }
  }

  /** By the header, which every PNG begins with and the decoder has checked. */
  private static int bitsPerPixel(byte[] png) {
    int channels =
        switch (png[25]) {
          case 2 -> 3; // colour
          case 4 -> 2; // grey and transparency
          case 6 -> 4; // colour and transparency
          default -> 1;
        };
    return channels * png[24];
  }

  /** The decoder fills the rest of a truncated JPEG with grey and says nothing. */
  private void requireWholeJpeg(byte[] bytes) {
    boolean jpeg = bytes.length > 2 && bytes[0] == (byte) 0xff && bytes[1] == (byte) 0xd8;
    if (jpeg && lastMarker(bytes, 0xd9) < lastMarker(bytes, 0xda)) {
      throw fault("is truncated: expected the end of the image after its last scan");
    }
  }

  private static int lastMarker(byte[] bytes, int marker) {
    for (int i = bytes.length - 2; i >= 0; i--) {
      if (bytes[i] == (byte) 0xff && bytes[i + 1] == (byte) marker) {
        return i;
      }
    }
    return -1;
  }

  private InvalidInputException fault(String message) {
    return new InvalidInputException(path.toString(), message);
  }
}
