package io.neurograft.simulator.report;

import io.neurograft.fusion.origin.GroupOrigin;
import java.util.Comparator;
import java.util.List;
import java.util.Map;

/**
 * Draws whose units a fused network was made of: for each level a bar of the sites' shares, and
 * below it a cell for each unit, in the colours of the sites whose units it was made of.
 */
final class OriginChart {
  /** More cells would be too thin to point at, and make the page large. */
  static final int MOST_CELLS = 256;

  private static final int MOST_PARTS = 8; // of a cell; what is left of it stays pale
  private static final int WIDTH = 760;
  private static final int LEFT = 210;
  private static final int ROW = 54;
  private static final int HEIGHT = 20; // of a bar, and of a cell

  private final List<String> sites;
  private final List<GroupOrigin> origins;

  /**
   * @param sites the members' sites in their order
   * @param origins of every group; the last is that of the classes
   */
  OriginChart(List<String> sites, List<GroupOrigin> origins) {
    this.sites = sites;
    this.origins = origins;
  }

  /**
   * The drawing.
   *
   * @param method who made the network
   */
  String svg(String method) {
    String title = "Whose units " + method + " is made of, level by level";
    Svg svg = new Svg(WIDTH, ROW * origins.size(), title);
    for (int row = 0; row < origins.size(); row++) {
      GroupOrigin origin = origins.get(row);
      boolean classes = row == origins.size() - 1;
      double y = (double) ROW * row;
      svg.text(LEFT - 10, y + 15, "end", origin.name());
      svg.text(LEFT - 10, y + 38, "end", origin.units().size() + (classes ? " classes" : " units"));
      if (origin.note().isEmpty()) {
        bar(svg, y, origin);
        cells(svg, y + HEIGHT + 3, origin, classes ? "class" : "unit");
      } else {
        svg.text(LEFT, y + 15, "start", "fitted to the " + origin.note());
      }
    }
    return svg.toString();
  }

  private void bar(Svg svg, double y, GroupOrigin origin) {
    double x = LEFT;
    for (int site = 0; site < sites.size(); site++) {
      double share = origin.shares().get(site);
      double width = share * (WIDTH - LEFT);
      if (share > 0) {
        String tip = sites.get(site) + ": " + ResultTable.percent(share);
        svg.rect(x, y, width, HEIGHT, "fill=\"" + Palette.colour(site) + "\"", tip);
      }
      x += width;
    }
  }

  private void cells(Svg svg, double y, GroupOrigin origin, String noun) {
    List<UnitCell> cells = UnitCell.of(origin.units(), MOST_CELLS);
    double width = (double) (WIDTH - LEFT) / cells.size();
    double gap = width > 4 ? 1 : 0;
    for (int i = 0; i < cells.size(); i++) {
      UnitCell cell = cells.get(i);
      List<Svg.Part> parts = parts(cell.bySite());
      svg.stack(LEFT + width * i, y, width - gap, HEIGHT, parts, cell.words(noun, sites));
    }
  }

  /** The site that gave most on top. */
  private static List<Svg.Part> parts(Map<Integer, Double> bySite) {
    return bySite.entrySet().stream()
        .sorted(Map.Entry.comparingByValue(Comparator.reverseOrder()))
        .limit(MOST_PARTS)
        .map(entry -> new Svg.Part(Palette.colour(entry.getKey()), entry.getValue()))
        .toList();
  }
}
