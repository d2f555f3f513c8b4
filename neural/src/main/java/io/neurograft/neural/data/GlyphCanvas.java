package io.neurograft.neural.data;

import java.util.Arrays;
import java.util.SplittableRandom;

/** A square of pixels that knows, for each, how far away the nearest line is. */
final class GlyphCanvas {
  static final int SIDE = 28;

  /** The thickest pen's radius plus the soft edge, in pixels; no line is felt farther away. */
  private static final double REACH = 2.5;

  private final double[] squaredDistance = new double[SIDE * SIDE];

  void clear() {
    Arrays.fill(squaredDistance, REACH * REACH);
  }

  /** Adds a line; pixel (column, row) has its centre at (column + 0.5, row + 0.5). */
  void line(double x0, double y0, double x1, double y1) {
    int left = pixel(Math.min(x0, x1) - REACH);
    int right = pixel(Math.max(x0, x1) + REACH);
    int top = pixel(Math.min(y0, y1) - REACH);
    int bottom = pixel(Math.max(y0, y1) + REACH);
    double dx = x1 - x0;
    double dy = y1 - y0;
    double length = Math.max(dx * dx + dy * dy, 1e-12);
    for (int row = top; row <= bottom; row++) {
      for (int column = left; column <= right; column++) {
        double px = column + 0.5 - x0;
        double py = row + 0.5 - y0;
        double along = Math.max(0, Math.min(1, (px * dx + py * dy) / length));
        double ex = px - along * dx;
        double ey = py - along * dy;
        int at = row * SIDE + column;
        squaredDistance[at] = Math.min(squaredDistance[at], ex * ex + ey * ey);
      }
    }
  }

  /**
   * Inks the lines.
   *
   * @param radius of the pen, in pixels; its edge is one pixel wide
   * @param ink the darkest value, 0 to 1
   * @param grain the widest deviation of a pixel from what was inked, 0 to 1
   */
  byte[] develop(double radius, double ink, double grain, SplittableRandom random) {
    byte[] pixels = new byte[SIDE * SIDE];
    long bits = 0;
    for (int i = 0; i < pixels.length; i++) {
      bits = i % Long.BYTES == 0 ? random.nextLong() : bits >>> Byte.SIZE;
      double noise = grain * ((bits & 0xff) / 127.5 - 1);
      double cover = clamp(radius + 0.5 - Math.sqrt(squaredDistance[i]));
      pixels[i] = (byte) Math.round(255 * clamp(ink * cover + noise));
    }
    return pixels;
  }

  private static int pixel(double x) {
    return (int) Math.max(0, Math.min(SIDE - 1, Math.floor(x)));
  }

  private static double clamp(double x) {
    return Math.max(0, Math.min(1, x));
  }
}
