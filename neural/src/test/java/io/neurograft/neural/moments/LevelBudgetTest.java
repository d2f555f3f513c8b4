package io.neurograft.neural.moments;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.neurograft.neural.network.NetworkSpec;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.api.Test;

class LevelBudgetTest {
  private static final List<FitStep> RESNET =
      FitSteps.of(
          NetworkSpec.parse(
              "{family: resnet18, widths: [6, 9], blocks: 1, classes: 10, input: {shape: [3, 16, 16]}}",
              "test"));
  private static final List<FitStep> VIT =
      FitSteps.of(
          NetworkSpec.parse(
              "{family: vit, width: 8, heads: 2, mlp: 6, depth: 1, classes: 10, input: {shape: [3, 16, 16]}}",
              "test"));

  @Property(tries = 200)
  void columns_anyBudgetThatIsTooSmall_areTheMostThatFit(
      @ForAll @LongRange(min = 6, max = 4000) long numbers) {
    LevelBudget budget = new LevelBudget(numbers);
    for (FitStep step : RESNET) {
      long p = AffineRows.columns(step);
      assertThat(budget.fits(step)).isEqualTo(p * (p + 1) / 2 <= numbers);
      if (!budget.fits(step)) {
        List<Integer> columns = budget.columns(step);
        long q = columns.stream().mapToLong(Integer::longValue).sum();
        assertThat(columns).hasSameSizeAs(step.maps()).allMatch(part -> part >= 1);
        assertThat(q * (q + 1) / 2).isLessThanOrEqualTo(numbers);
        assertThat((q + 1) * (q + 2) / 2).isGreaterThan(numbers);
      }
    }
  }

  /** A shortcut of few columns keeps them all. */
  @Test
  void columns_mapsThatAddUp_haveTheSameUnlessTheyHaveFewer() {
    FitStep join =
        RESNET.stream().filter(step -> step.maps().size() == 2).findFirst().orElseThrow();
    assertThat(join.maps()).extracting(AffineMap::columns).containsExactly(81, 6);
    assertThat(new LevelBudget(50 * 51 / 2).columns(join)).containsExactly(44, 6);
    assertThat(new LevelBudget(9 * 10 / 2).columns(join)).containsExactly(5, 4);
  }

  @Test
  void columns_heads_areOnePart() {
    FitStep heads =
        VIT.stream().filter(step -> step.kind() == FitStep.Kind.HEADS).findFirst().orElseThrow();
    assertThat(new LevelBudget(10).columns(heads)).containsExactly(4);
  }

  @Test
  void fits_embedding_always() {
    assertThat(VIT.get(0).kind()).isEqualTo(FitStep.Kind.EMBEDDING);
    assertThat(new LevelBudget(1).fits(VIT.get(0))).isTrue();
  }

  @Test
  void ofMebibytes_outOfRange_isRefused() {
    assertThat(LevelBudget.ofMebibytes(2).numbers()).isEqualTo(1 << 18);
    assertThat(LevelBudget.ofMebibytes(2).mebibytes()).isEqualTo(2);
    for (double wrong : new double[] {0, -1, 1e9, Double.NaN}) {
      assertThatThrownBy(() -> LevelBudget.ofMebibytes(wrong))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("MiB");
    }
  }
}
