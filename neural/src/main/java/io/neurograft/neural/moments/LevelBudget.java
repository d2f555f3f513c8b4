package io.neurograft.neural.moments;

import io.neurograft.neural.config.ConfigNode;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/**
 * The most numbers that S of a step may have. Where it would have more, the step's inputs are
 * projected to fewer columns: those of a {@link Projection}.
 *
 * <p>Counted is the triangle of S without the ones, {@code p (p + 1) / 2} for p columns, so that
 * the columns do not depend on how sums are held and sent. An embedding's inputs are few and are
 * never projected.
 *
 * @param numbers at least 1
 */
public record LevelBudget(long numbers) {
  /** No bound. */
  public static final LevelBudget NONE = new LevelBudget(Long.MAX_VALUE);

  private static final String KEY = "level-budget-mib";
  private static final double LEAST_MEBIBYTES = 0.001;
  private static final double MOST_MEBIBYTES = 1 << 20;

  /**
   * @throws IllegalArgumentException if it is below 1
   */
  public LevelBudget {
    if (numbers < 1) {
      throw new IllegalArgumentException(
          "expected a budget of at least 1 number, found " + numbers);
    }
  }

  /**
   * As many numbers as take so many MiB in double precision, 8 bytes each, as sums are held. On
   * their way in single precision they take half of that.
   *
   * @param mebibytes from .001 to 1,048,576
   * @throws IllegalArgumentException if it is not
   */
  public static LevelBudget ofMebibytes(double mebibytes) {
    if (!(mebibytes >= LEAST_MEBIBYTES && mebibytes <= MOST_MEBIBYTES)) {
      throw new IllegalArgumentException(
          "expected %s to %.0f MiB, found %s"
              .formatted(LEAST_MEBIBYTES, MOST_MEBIBYTES, mebibytes));
    }
    return new LevelBudget((long) (mebibytes * (1 << 20) / Double.BYTES));
  }

  /** What the numbers take in double precision, in MiB. */
  public double mebibytes() {
    return (double) numbers * Double.BYTES / (1 << 20);
  }

  /** The budget under {@code level-budget-mib}; none where the key is missing. */
  public static LevelBudget from(ConfigNode node) {
    return node.has(KEY) ? ofMebibytes(node.decimal(KEY, LEAST_MEBIBYTES, MOST_MEBIBYTES)) : NONE;
  }

  /** Whether S of a step's inputs fits as it is. */
  public boolean fits(FitStep step) {
    long columns = AffineRows.columns(step);
    return step.kind() == FitStep.Kind.EMBEDDING || columns * (columns + 1) / 2 <= numbers;
  }

  /**
   * How many columns each part of a step's inputs is projected to, where they do not fit: of the
   * most columns that the budget allows, every map has the same, those that have fewer anyway keep
   * these, and at least one. Heads see one part, all the same.
   */
  public List<Integer> columns(FitStep step) {
    int left = (int) ((Math.sqrt(8.0 * numbers + 1) - 1) / 2);
    if (step.kind() == FitStep.Kind.HEADS) {
      return List.of(left);
    }
    int[] columns = step.maps().stream().mapToInt(AffineMap::columns).toArray();
    int[] ascending =
        IntStream.range(0, columns.length)
            .boxed()
            .sorted(Comparator.comparingInt(map -> columns[map]))
            .mapToInt(Integer::intValue)
            .toArray();
    for (int i = 0; i < ascending.length; i++) {
      int map = ascending[i];
      columns[map] = Math.max(1, Math.min(columns[map], left / (ascending.length - i)));
      left -= columns[map];
    }
    return Arrays.stream(columns).boxed().toList();
  }
}
