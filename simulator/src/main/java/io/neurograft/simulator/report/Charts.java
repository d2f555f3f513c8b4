package io.neurograft.simulator.report;

import io.neurograft.simulator.baseline.BaselineResult;
import io.neurograft.simulator.report.RunResult.CurvePoint;
import io.neurograft.simulator.report.RunResult.MethodResult;
import io.neurograft.simulator.report.RunResult.SiteResult;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** The drawings of a report. */
final class Charts {
  private static final int WIDTH = 760;
  private static final int LEFT = 210;
  private static final int ROW = 26;

  private Charts() {}

  /** One row per site, one cell per class, the darker the more examples. */
  static String classCounts(List<SiteResult> sites) {
    int classes = sites.stream().mapToInt(site -> site.classCounts().size()).max().orElse(0);
    long most =
        sites.stream().flatMap(site -> site.classCounts().stream()).max(Long::compare).orElse(1L);
    double cell = (double) (WIDTH - LEFT) / Math.max(classes, 1);
    Svg svg = new Svg(WIDTH, 24 + ROW * sites.size(), "Examples of each class at each site");
    for (int c = 0; c < classes; c++) {
      svg.text(LEFT + cell * (c + 0.5), 14, "middle", Integer.toString(c));
    }
    for (int s = 0; s < sites.size(); s++) {
      SiteResult site = sites.get(s);
      double y = 22 + ROW * s;
      svg.text(LEFT - 10, y + 16, "end", site.site());
      for (int c = 0; c < site.classCounts().size(); c++) {
        long count = site.classCounts().get(c);
        double share = most == 0 ? 0 : (double) count / most;
        String fill = String.format(Locale.ROOT, "fill=\"#4477aa\" fill-opacity=\"%.3f\"", share);
        svg.rect(LEFT + cell * c + 1, y, cell - 2, ROW - 3, fill, count + " of class " + c);
        if (cell > 28) {
          svg.text(LEFT + cell * (c + 0.5), y + 16, "middle", Long.toString(count));
        }
      }
    }
    return svg.toString();
  }

  private record Bar(String label, double before, double after, String colour) {}

  /** A bar for every network; a fused one also has a pale bar up to its accuracy after tuning. */
  static String accuracies(RunResult result) {
    List<Bar> bars = new ArrayList<>();
    for (SiteResult site : result.sites()) {
      double accuracy = site.figures().accuracy();
      bars.add(new Bar("member of " + site.site(), accuracy, accuracy, "#999999"));
    }
    if (result.ensemble() != null) {
      double accuracy = result.ensemble().accuracy();
      bars.add(new Bar("ensemble of all members", accuracy, accuracy, "#555555"));
    }
    for (BaselineResult baseline : result.baselines()) {
      bars.add(new Bar(baseline.baseline(), baseline.accuracy(), baseline.accuracy(), "#777777"));
    }
    for (int i = 0; i < result.methods().size(); i++) {
      MethodResult method = result.methods().get(i);
      bars.add(
          new Bar(
              method.method(),
              method.before().accuracy(),
              method.lastAccuracy(),
              Palette.colour(i)));
    }
    Svg svg = new Svg(WIDTH, ROW * bars.size() + 4, "Accuracy of every network");
    double scale = WIDTH - LEFT - 150;
    for (int i = 0; i < bars.size(); i++) {
      Bar bar = bars.get(i);
      double y = 2 + ROW * i;
      String fill = "fill=\"" + bar.colour() + "\"";
      String tip = bar.label() + ": " + label(bar);
      svg.text(LEFT - 10, y + 16, "end", bar.label());
      svg.rect(LEFT, y, scale * bar.after(), ROW - 5, fill + " fill-opacity=\"0.35\"", tip);
      svg.rect(LEFT, y, scale * bar.before(), ROW - 5, fill, tip);
      svg.text(LEFT + scale * Math.max(bar.before(), bar.after()) + 8, y + 16, "start", label(bar));
    }
    return svg.toString();
  }

  private static String label(Bar bar) {
    String before = ResultTable.percent(bar.before());
    return bar.before() == bar.after() ? before : before + " → " + ResultTable.percent(bar.after());
  }

  /** Accuracy over the rounds of fine-tuning, one line per method. */
  static String curves(List<MethodResult> methods) {
    int rounds = methods.stream().mapToInt(method -> method.curve().size()).max().orElse(0);
    double least =
        methods.stream()
            .flatMapToDouble(method -> points(method).stream().mapToDouble(CurvePoint::accuracy))
            .min()
            .orElse(0);
    double floor = Math.floor(Math.max(0, least - 0.02) * 10) / 10;
    double x0 = 60;
    double y0 = 250;
    double dx = (WIDTH - x0 - 180) / Math.max(rounds, 1);
    Svg svg = new Svg(WIDTH, 290, "Accuracy over the rounds of fine-tuning");
    for (int tick = 0; tick <= 5; tick++) {
      double value = floor + (1 - floor) * tick / 5;
      double y = y0 - 230.0 * tick / 5;
      svg.line(x0, y, WIDTH - 170, y, "class=\"grid\"");
      svg.text(x0 - 8, y + 4, "end", String.format(Locale.ROOT, "%.0f %%", 100 * value));
    }
    for (int round = 0; round <= rounds; round++) {
      svg.text(x0 + dx * round, y0 + 20, "middle", round == 0 ? "fused" : "round " + round);
    }
    for (int i = 0; i < methods.size(); i++) {
      String stroke = "fill=\"none\" stroke=\"" + Palette.colour(i) + "\" stroke-width=\"2\"";
      StringBuilder line = new StringBuilder();
      for (CurvePoint point : points(methods.get(i))) {
        double x = x0 + dx * point.round();
        double y = y0 - 230 * (point.accuracy() - floor) / (1 - floor);
        line.append(String.format(Locale.ROOT, "%.1f,%.1f ", x, y));
        svg.dot(
            x,
            y,
            "fill=\"" + Palette.colour(i) + "\"",
            methods.get(i).method() + ": " + ResultTable.percent(point.accuracy()));
      }
      svg.path(line.toString().strip(), stroke);
      double legend = 30 + 20 * i;
      svg.rect(WIDTH - 155, legend - 9, 12, 12, "fill=\"" + Palette.colour(i) + "\"", "");
      svg.text(WIDTH - 137, legend + 2, "start", methods.get(i).method());
    }
    return svg.toString();
  }

  private static List<CurvePoint> points(MethodResult method) {
    List<CurvePoint> points = new ArrayList<>();
    points.add(new CurvePoint(0, method.before().accuracy(), method.before().loss()));
    points.addAll(method.curve());
    return points;
  }
}
