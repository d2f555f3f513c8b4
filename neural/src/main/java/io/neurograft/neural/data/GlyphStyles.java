package io.neurograft.neural.data;

import java.util.Arrays;
import java.util.List;

/**
 * The ways in which people write each digit. A style is written as strokes with bars between them,
 * a stroke as the points that its curve passes through, {@code x,y} in a square from 0,0 (top left)
 * to 100,100. A corner is where one stroke ends and the next begins.
 */
final class GlyphStyles {
  private static final List<List<List<double[][]>>> STYLES =
      List.of(
          digit( // 0: closed; begun inside; left open at the top
              "50,0 18,14 2,50 18,86 50,100 82,86 98,50 82,14 50,0",
              "62,8 30,4 6,40 14,84 48,100 84,84 96,42 78,10 40,6 30,16",
              "70,4 36,6 8,40 12,84 46,100 82,88 96,50 84,16 60,8"),
          digit( // 1: a bar; with a flag; with a flag and a foot
              "50,0 50,50 50,100",
              "22,28 40,16 55,0|55,0 54,50 52,100",
              "24,24 52,0|52,0 51,50 50,100|22,100 50,99 80,100",
              "60,0 52,50 42,100"),
          digit( // 2: flat foot; looped; broad
              "8,24 30,3 66,2 88,26 72,54 36,80 6,99|6,99 50,98 96,98",
              "10,20 36,0 74,6 84,34 60,66 24,92 10,88 24,76 52,90 96,96",
              "4,30 26,4 62,0 84,20 80,44 50,70 4,100|4,100 40,92 70,98 98,90"),
          digit( // 3: round; flat top; narrow waist
              "10,14 40,0 78,8 82,32 46,47|46,47 84,56 92,80 60,100 24,98 6,84",
              "10,2 48,3 86,2|86,2 66,22 42,42|42,42 78,48 92,74 68,98 30,100 6,86",
              "14,8 54,0 84,18 66,40 34,48 70,54 90,76 62,98 10,96"),
          digit( // 4: open; closed; with a low bar
              "22,0 14,30 6,58|6,58 50,58 98,56|74,14 72,58 70,100",
              "70,0 36,32 2,68|2,68 50,68 98,68|70,0 70,50 70,100",
              "14,4 12,30 20,52 48,54 82,42|86,0 80,50 72,100"),
          digit( // 5: with a separate top; in one go; with a sharp back
              "22,2 18,24 14,46|14,46 52,36 90,56 84,88 46,100 8,90|22,2 54,3 90,0",
              "88,4 54,2 26,6|26,6 20,26 16,44|16,44 56,38 92,62 74,94 36,100 6,92",
              "84,0 28,4 20,40 60,40 90,66 70,98 8,96"),
          digit( // 6: curved back; straight back; small loop
              "76,4 38,18 10,58 18,90 52,100 86,84 80,56 46,50 14,70",
              "60,0 34,30 12,66 24,96 60,100 84,80 66,58 34,62 16,78",
              "88,2 50,8 18,40 8,78 32,100 70,96 82,74 58,60 26,72 22,92"),
          digit( // 7: plain; with a crossbar; with a hook
              "6,6 50,4 94,2|94,2 66,46 44,100",
              "8,4 50,4 92,4|92,4 64,50 42,100|28,52 56,50 84,50",
              "8,20 12,4|12,4 50,6 92,4|92,4 70,40 58,70 54,100"),
          digit( // 8: in one go; two circles; open at the top
              "82,12 50,0 18,16 32,42 70,58 86,82 50,100 14,82 32,58 68,40 82,12",
              "50,46 22,32 24,8 50,0 76,8 78,32 50,46|50,46 12,62 12,90 50,100 88,90 88,62 50,46",
              "88,10 54,0 20,14 26,36 64,56 84,80 56,100 20,90 24,66 56,46 80,26"),
          digit( // 9: straight stem; curved tail; looped far out
              "84,20 56,0 18,12 12,40 44,52 78,36 84,16|84,16 82,56 78,100",
              "82,26 58,2 20,8 10,36 38,52 76,40 86,14 88,56 66,96 22,94",
              "78,8 36,2 10,28 34,48 72,34 80,8|80,8 68,56 48,100"));

  private GlyphStyles() {}

  /** The number of styles of a digit. */
  static int count(int digit) {
    return STYLES.get(digit).size();
  }

  /** The strokes of a digit in one style, points as {x, y} from -1 to 1. */
  static List<double[][]> of(int digit, int style) {
    return STYLES.get(digit).get(style);
  }

  private static List<List<double[][]>> digit(String... styles) {
    return Arrays.stream(styles).map(GlyphStyles::strokes).toList();
  }

  private static List<double[][]> strokes(String style) {
    return Arrays.stream(style.split("\\|")).map(GlyphStyles::points).toList();
  }

  private static double[][] points(String stroke) {
    return Arrays.stream(stroke.split(" ")).map(GlyphStyles::point).toArray(double[][]::new);
  }

  private static double[] point(String text) {
    int comma = text.indexOf(',');
    double x = Double.parseDouble(text.substring(0, comma));
    double y = Double.parseDouble(text.substring(comma + 1));
    return new double[] {x / 50 - 1, y / 50 - 1};
  }
}
