package io.neurograft.simulator.command;

import static org.assertj.core.api.Assertions.assertThat;

import io.neurograft.simulator.bench.FusionTiming;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class JsonTest {
  @Test
  void write_aTimingWithoutAFloor_hasNull() {
    FusionTiming timing =
        new FusionTiming(
            "mlp", 2, 400, "average", 0.5, Map.of(), OptionalLong.of(7), OptionalDouble.empty());

    assertThat(Json.write(timing))
        .contains("\"peakMebibytes\" : 7")
        .contains("\"floorSeconds\" : null");
  }
}
