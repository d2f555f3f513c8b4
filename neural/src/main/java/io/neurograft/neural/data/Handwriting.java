package io.neurograft.neural.data;

import java.util.List;
import java.util.SplittableRandom;

/**
 * One writer's way of writing one digit: a slant, a size, a pen and an unsteady hand, all drawn
 * from a generator.
 */
final class Handwriting {
  /** Half the height of a digit of mean size, in pixels. */
  private static final double HALF_HEIGHT = 9.6;

  private static final int GRID = 4;
  private static final int STEPS = 6;

  private final SplittableRandom random;
  private final double[][] bend = new double[GRID * GRID][2];
  private final double[] affine;

  Handwriting(SplittableRandom random) {
    this.random = random;
    this.affine = affine();
    for (double[] displacement : bend) {
      displacement[0] = spread(0.30);
      displacement[1] = spread(0.30);
    }
  }

  /** Draws a digit in one of its styles. */
  byte[] write(int digit, GlyphCanvas canvas) {
    List<double[][]> strokes = GlyphStyles.of(digit, random.nextInt(GlyphStyles.count(digit)));
    double radius = 0.7 + 1.2 * uniform();
    double ink = 0.7 + 0.3 * uniform();
    double grain = 0.16 * uniform();
    canvas.clear();
    for (double[][] stroke : strokes) {
      draw(stroke, canvas);
    }
    return canvas.develop(radius, ink, grain, random);
  }

  /** Draws a Catmull-Rom spline through the stroke's points. */
  private void draw(double[][] stroke, GlyphCanvas canvas) {
    int n = stroke.length;
    double[][] points = new double[n][];
    for (int i = 0; i < n; i++) {
      points[i] = place(stroke[i]);
    }
    for (int i = 0; i + 1 < n; i++) {
      double[] before = points[Math.max(i - 1, 0)];
      double[] after = points[Math.min(i + 2, n - 1)];
      double[] from = points[i];
      for (int step = 1; step <= STEPS; step++) {
        double[] to = spline(before, points[i], points[i + 1], after, step / (double) STEPS);
        canvas.line(from[0], from[1], to[0], to[1]);
        from = to;
      }
    }
  }

  private static double[] spline(double[] a, double[] b, double[] c, double[] d, double t) {
    double[] point = new double[2];
    for (int k = 0; k < 2; k++) {
      double linear = c[k] - a[k];
      double square = 2 * a[k] - 5 * b[k] + 4 * c[k] - d[k];
      double cube = 3 * (b[k] - c[k]) + d[k] - a[k];
      point[k] = b[k] + 0.5 * t * (linear + t * (square + t * cube));
    }
    return point;
  }

  /** Where a style's point (-1 to 1, y downwards) comes to lie, in pixels. */
  private double[] place(double[] point) {
    double x = point[0] + bent(point, 0) + spread(0.10);
    double y = point[1] + bent(point, 1) + spread(0.10);
    return new double[] {
      affine[0] * x + affine[1] * y + affine[2], affine[3] * x + affine[4] * y + affine[5]
    };
  }

  /** The smooth part of the hand's unsteadiness, which keeps joined strokes joined. */
  private double bent(double[] point, int axis) {
    double u = clamp((point[0] + 1) / 2) * (GRID - 1);
    double v = clamp((point[1] + 1) / 2) * (GRID - 1);
    int column = Math.min((int) u, GRID - 2);
    int row = Math.min((int) v, GRID - 2);
    int at = row * GRID + column;
    double above = mix(bend[at][axis], bend[at + 1][axis], u - column);
    double below = mix(bend[at + GRID][axis], bend[at + GRID + 1][axis], u - column);
    return mix(above, below, v - row);
  }

  /** Scale, then shear, then rotation, then shift. */
  private double[] affine() {
    double height = HALF_HEIGHT * (1 + spread(0.30));
    double width = height * (0.72 + spread(0.34));
    double shear = -0.12 + spread(0.60);
    double angle = spread(0.42);
    // StrictMath: the same pixels on every machine.
    double cos = StrictMath.cos(angle);
    double sin = StrictMath.sin(angle);
    double slant = shear * height;
    return new double[] {
      cos * width,
      cos * slant - sin * height,
      GlyphCanvas.SIDE / 2.0 + spread(3.2),
      sin * width,
      sin * slant + cos * height,
      GlyphCanvas.SIDE / 2.0 + spread(3.2)
    };
  }

  /** A number from -width to width, more often near 0 than far from it. */
  private double spread(double width) {
    return width * (uniform() + uniform() - 1);
  }

  private double uniform() {
    return (random.nextLong() >>> 11) * 0x1.0p-53;
  }

  private static double mix(double a, double b, double t) {
    return a + t * (b - a);
  }

  private static double clamp(double x) {
    return Math.max(0, Math.min(1, x));
  }
}
