package io.neurograft.simulator.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.neurograft.simulator.command.Neurograft;
import io.neurograft.simulator.process.Program;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A short form of {@code neurograft bench chaos}, as a person would start it. */
@Timeout(900)
final class ChaosIT {
  @TempDir Path folder;

  @Test
  void runs_disturbedInEveryWay_endWithTheModelsOfUndisturbedRuns() throws Exception {
    String kept = folder.resolve("kept").toString();
    List<String> command = List.of("bench", "chaos", "--disturbances", "25", "--seed", "11");
    List<String> output = List.of("--format", "json", "--keep", kept);
    List<String> arguments = Stream.of(command, output).flatMap(List::stream).toList();
    try (Program chaos =
        Program.start(folder, "chaos", List.of(), Neurograft.class.getName(), arguments)) {
      int code = chaos.exitCode(Duration.ofMinutes(14));
      assertThat(code).as(chaos.answer() + chaos.log()).isZero();
      JsonNode report = JsonMapper.builder().build().readTree(chaos.answer());
      assertThat(report.path("faults")).isEmpty();
      assertThat(report.path("runs").asInt()).isPositive();
      int disturbances = 0;
      for (JsonNode count : report.path("disturbances")) {
        disturbances += count.asInt();
      }
      assertThat(disturbances).isEqualTo(25);
      assertThat(report.path("sentBytes").asLong())
          .isGreaterThanOrEqualTo(report.path("acceptedBytes").asLong());
    }
  }
}
