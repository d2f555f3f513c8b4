package io.neurograft.fusion;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.ndarray.NDManager;
import io.neurograft.neural.attribution.Scores;
import io.neurograft.neural.config.InvalidInputException;
import io.neurograft.neural.network.NetworkSpec;
import io.neurograft.neural.tensor.Compute;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ClassSharesTest {
  private static final NetworkSpec SPEC =
      NetworkSpec.parse(
          "{family: mlp, widths: [4], classes: 3, input: {shape: [1, 2, 2]}}", "test");

  private NDManager scope;

  @BeforeEach
  void open() {
    Compute.start(1);
    scope = Compute.newManager();
  }

  @AfterEach
  void close() {
    scope.close();
  }

  @Test
  void of_countsOfEachClass_sharesEachClass() {
    List<Scores> scores =
        ClassShares.of(List.of(member("a", 30L, 5L, 0L), member("b", 10L, 0L, 0L)));
    assertThat(scores.get(0).groups().get(1)).containsExactly(0.75f, 1f, 0.5f);
    assertThat(scores.get(1).groups().get(1)).containsExactly(0.25f, 0f, 0.5f);
    assertThat(scores.get(0).groups().get(0)).containsOnly(1f);
  }

  @Test
  void of_unknownCounts_namesTheMembers() {
    assertThatThrownBy(
            () -> ClassShares.of(List.of(member("a"), member("b", 1L, 2L, 3L), member("c", 1L))))
        .isInstanceOf(InvalidInputException.class)
        .hasMessageContaining("member a: head share needs its examples of each class")
        .hasMessageContaining("member c: ")
        .hasMessageNotContaining("member b");
  }

  private Member member(String name, Long... counts) {
    return new Member(
        name,
        SPEC,
        TestNetworks.random(SPEC, 1, scope).weights(),
        Scores.uniform(SPEC),
        List.of(counts),
        "");
  }
}
