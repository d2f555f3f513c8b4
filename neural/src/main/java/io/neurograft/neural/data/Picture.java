package io.neurograft.neural.data;

import java.awt.color.ColorSpace;
import java.awt.image.BufferedImage;
import java.awt.image.ColorModel;
import java.awt.image.IndexColorModel;
import java.util.List;
import java.util.stream.IntStream;

/**
 * The values of an image, one byte each.
 *
 * @param shape {@code [channels, height, width]}; grey has one channel, colour three
 * @param values in the order of the shape; transparency is left out
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
record Picture(List<Integer> shape, byte[] values) {
  static Picture of(BufferedImage image) {
    int height = image.getHeight();
    int width = image.getWidth();
    return isGrey(image.getColorModel())
        ? new Picture(List.of(1, height, width), grey(image))
        : new Picture(List.of(3, height, width), colour(image));
  }

  private static boolean isGrey(ColorModel model) {
    if (model instanceof IndexColorModel palette) {
      return IntStream.range(0, palette.getMapSize())
          .map(palette::getRGB)
          .allMatch(rgb -> (rgb >> 16 & 0xff) == (rgb & 0xff) && (rgb >> 8 & 0xff) == (rgb & 0xff));
    }
    return model.getColorSpace().getType() == ColorSpace.TYPE_GRAY;
  }

  private static byte[] grey(BufferedImage image) {
    int width = image.getWidth();
    int height = image.getHeight();
    byte[] values = new byte[width * height];
    boolean palette = image.getColorModel() instanceof IndexColorModel;
    int surplusBits = palette ? 0 : image.getColorModel().getComponentSize(0) - Byte.SIZE;
    int[] row = new int[width];
    for (int y = 0; y < height; y++) {
      if (palette) {
        image.getRGB(0, y, width, 1, row, 0, width);
      } else {
        // The samples themselves: asked for RGB, the library would apply a gamma curve to grey.
        image.getRaster().getSamples(0, y, width, 1, 0, row);
      }
      for (int x = 0; x < width; x++) {
        values[y * width + x] = (byte) (row[x] >> surplusBits);
      }
    }
    return values;
  }

  private static byte[] colour(BufferedImage image) {
    int width = image.getWidth();
    int height = image.getHeight();
    int pixels = width * height;
    byte[] values = new byte[3 * pixels];
    int[] row = new int[width];
    for (int y = 0; y < height; y++) {
      image.getRGB(0, y, width, 1, row, 0, width);
      for (int x = 0; x < width; x++) {
        int i = y * width + x;
        values[i] = (byte) (row[x] >> 16);
        values[i + pixels] = (byte) (row[x] >> 8);
        values[i + 2 * pixels] = (byte) row[x];
      }
    }
    return values;
  }
}
