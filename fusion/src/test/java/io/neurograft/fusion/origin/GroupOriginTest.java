package io.neurograft.fusion.origin;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.json.JsonMapper;
import io.neurograft.neural.network.UnitGroup;
import java.util.List;
import org.junit.jupiter.api.Test;

class GroupOriginTest {
  private static final UnitGroup PAIR = new UnitGroup(3, "levels.3.1", 2, List.of(), List.of());

  private static GroupOrigin origin() {
    UnitSources.Sum sum = new UnitSources.Sum(2);
    sum.add(0, new Source(0, 3, 1));
    sum.add(1, new Source(1, 7, 2.0 / 3));
    sum.add(1, new Source(0, 4, 1.0 / 3 - 1e-9));
    sum.add(1, new Source(2, 0, 1e-9));
    return GroupOrigin.of(PAIR, 3, sum.units());
  }

  @Test
  void of_anySources_listsThemByMemberWithoutWhatIsNextToNothing() {
    assertThat(origin().units())
        .containsExactly(
            List.of(new Source(0, 3, 1)),
            List.of(new Source(0, 4, 0.333333), new Source(1, 7, 0.666667)));
    assertThat(origin().shares()).containsExactly(0.666667, 0.333333, 0.0);
  }

  /** A network has thousands of units: each source is three numbers and no names. */
  @Test
  void json_anyOrigin_isCompactAndReadBack() throws Exception {
    JsonMapper json = JsonMapper.builder().build();

    String text = json.writeValueAsString(origin());

    assertThat(text)
        .isEqualTo(
            "{\"group\":3,\"name\":\"levels.3.1\",\"note\":\"\",\"shares\":[0.666667,0.333333,0.0],"
                + "\"units\":[[[0,3,1.0]],[[0,4,0.333333],[1,7,0.666667]]]}");
    assertThat(json.readValue(text, GroupOrigin.class)).isEqualTo(origin());
  }

  @Test
  void labels_anyClasses_haveNoSources() {
    GroupOrigin labels = GroupOrigin.labels(PAIR, 2);

    assertThat(labels.note()).isEqualTo("labels");
    assertThat(labels.units()).containsExactly(List.of(), List.of());
    assertThat(labels.shares()).containsExactly(0.0, 0.0);
  }
}
