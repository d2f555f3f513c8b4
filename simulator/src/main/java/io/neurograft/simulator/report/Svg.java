package io.neurograft.simulator.report;

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
