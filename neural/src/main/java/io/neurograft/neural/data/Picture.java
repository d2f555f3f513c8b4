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
    if (image.getColorModel() instanceof IndexColorModel) {
      int[] rgb = image.getRGB(0, 0, width, height, null, 0, width);
      for (int i = 0; i < values.length; i++) {
        values[i] = (byte) rgb[i];
      }
      return values;
    }
    // The samples themselves: asked for RGB, the library would apply a gamma curve to grey.
    int[] samples = image.getRaster().getSamples(0, 0, width, height, 0, (int[]) null);
    int surplusBits = image.getColorModel().getComponentSize(0) - Byte.SIZE;
    for (int i = 0; i < values.length; i++) {
      values[i] = (byte) (samples[i] >> surplusBits);
    }
    return values;
  }

  private static byte[] colour(BufferedImage image) {
    int width = image.getWidth();
    int height = image.getHeight();
    int[] rgb = image.getRGB(0, 0, width, height, null, 0, width);
    byte[] values = new byte[3 * rgb.length];
    for (int i = 0; i < rgb.length; i++) {
      values[i] = (byte) (rgb[i] >> 16);
      values[i + rgb.length] = (byte) (rgb[i] >> 8);
      values[i + 2 * rgb.length] = (byte) rgb[i];
    }
    return values;
  }
}
