package io.neurograft.simulator.report;

import java.util.List;
import java.util.Locale;

/** Collects the shapes of one drawing. */
final class Svg {
  private final StringBuilder shapes = new StringBuilder();
  private final int width;
  private final int height;
  private final String title;

  /**
   * @param title what the drawing shows, for those who cannot see it
   */
  Svg(int width, int height, String title) {
    this.width = width;
    this.height = height;
    this.title = title;
  }

  Svg rect(double x, double y, double w, double h, String style, String tip) {
    shapes.append(
        String.format(
            Locale.ROOT,
            "<rect x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" height=\"%.1f\" rx=\"2\" %s><title>%s</title></rect>%n",
            x,
            y,
            Math.max(w, 0),
            Math.max(h, 0),
            style,
            escape(tip)));
    return this;
  }

  /**
   * A part of a stack.
   *
   * @param share its part of the height, 0 to 1
   */
  record Part(String colour, double share) {}

  /** Colours on top of each other, from top to bottom, under one tip. */
  Svg stack(double x, double y, double w, double h, List<Part> parts, String tip) {
    shapes.append("<g><title>").append(escape(tip)).append("</title>");
    double top = y;
    for (Part part : parts) {
      shapes.append(
          String.format(
              Locale.ROOT,
              "<path fill=\"%s\" d=\"M%.2f %.2fh%.2fv%.2fh-%.2fz\"/>",
              part.colour(),
              x,
              top,
              w,
              h * part.share(),
              w));
      top += h * part.share();
    }
    shapes.append("</g>\n");
    return this;
  }

  Svg line(double x1, double y1, double x2, double y2, String style) {
    shapes.append(
        String.format(
            Locale.ROOT,
            "<line x1=\"%.1f\" y1=\"%.1f\" x2=\"%.1f\" y2=\"%.1f\" %s/>%n",
            x1,
            y1,
            x2,
            y2,
            style));
    return this;
  }

  Svg path(String points, String style) {
    shapes.append("<polyline points=\"").append(points).append("\" ").append(style).append("/>\n");
    return this;
  }

  Svg dot(double x, double y, String style, String tip) {
    shapes.append(
        String.format(
            Locale.ROOT,
            "<circle cx=\"%.1f\" cy=\"%.1f\" r=\"3.5\" %s><title>%s</title></circle>%n",
            x,
            y,
            style,
            escape(tip)));
    return this;
  }

  Svg text(double x, double y, String anchor, String text) {
    shapes.append(
        String.format(
            Locale.ROOT,
            "<text x=\"%.1f\" y=\"%.1f\" text-anchor=\"%s\">%s</text>%n",
            x,
            y,
            anchor,
            escape(text)));
    return this;
  }

  @Override
  public String toString() {
    return String.format(
        Locale.ROOT,
        "<svg viewBox=\"0 0 %d %d\" role=\"img\" aria-label=\"%s\">%n%s</svg>%n",
        width,
        height,
        escape(title),
        shapes);
  }

  /** A text as it stands in HTML, in an element or in a quoted attribute. */
  static String escape(String text) {
    return text.replace("&", "&amp;")
        .replace("<", "&lt;")
        .replace(">", "&gt;")
        .replace("\"", "&quot;");
  }
}
