package io.neurograft.fusion;

import static io.neurograft.fusion.TestNetworks.mlp;
import static org.assertj.core.api.Assertions.assertThat;

import io.neurograft.neural.network.NetworkSpec;
import org.junit.jupiter.api.Test;

class ChainTest {
  private static final NetworkSpec SPEC = mlp(30, 12);
  private static final FusionMethod INTERPOLATE = new FusionMethod.Interpolate();

  @Test
  void fewExamples_fewerThanTheSmallestGroup_saysWhichAndHowManyToGive() {
    assertThat(Chain.fewExamples(SPEC, INTERPOLATE, 11).orElseThrow())
        .startsWith("11 examples are fewer than the 12 units of levels.1.1, the smallest group")
        .contains("give at least 12");
  }

  @Test
  void fewExamples_asManyAsTheSmallestGroupHas_isNoWarning() {
    assertThat(Chain.fewExamples(SPEC, INTERPOLATE, 12)).isEmpty();
  }

  @Test
  void fewExamples_fewerThanClasses_isNoWarning() {
    assertThat(Chain.fewExamples(mlp(5), INTERPOLATE, 6)).isEmpty();
  }

  @Test
  void fewExamples_methodsWithoutAFit_areNoWarning() {
    assertThat(Chain.fewExamples(SPEC, new FusionMethod.Ot(), 1)).isEmpty();
    assertThat(Chain.fewExamples(SPEC, new FusionMethod.Distill(), 1)).isEmpty();
  }
}
