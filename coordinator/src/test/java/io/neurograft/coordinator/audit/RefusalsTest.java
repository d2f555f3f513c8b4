package io.neurograft.coordinator.audit;

import static org.assertj.core.api.Assertions.assertThat;

import io.neurograft.proto.audit.AuditFiles;
import io.neurograft.proto.audit.ChainCheck;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RefusalsTest {
  @TempDir Path folder;
  private long now;
  private Journal journal;
  private Refusals refusals;

  @BeforeEach
  void open() {
    journal = Journal.open(folder, () -> Instant.EPOCH, () -> {});
    refusals = new Refusals(journal, () -> now);
  }

  @Test
  void refused_oftenByOne_isOneLineAMinuteWithTheCount() throws IOException {
    for (int i = 0; i < 5000; i++) {
      refusals.refused("stranger", "CreateRun", "no certificate");
    }
    refusals.sweep();
    assertThat(lines()).containsExactly("stranger 1");
    now += Duration.ofMinutes(1).toNanos();
    refusals.sweep();
    refusals.refused("stranger", "CreateRun", "no certificate");
    assertThat(lines()).containsExactly("stranger 1", "stranger 4999");
  }

  @Test
  void refused_byEverMoreCallers_isBounded() throws IOException {
    for (int i = 0; i < 3000; i++) {
      refusals.refused("site s-" + i, "Attend", "revoked");
    }
    assertThat(lines()).hasSize(1001).contains("others 1");
  }

  private List<String> lines() throws IOException {
    List<String> lines = new ArrayList<>();
    ChainCheck.Result result =
        ChainCheck.of(
            AuditFiles.list(AuditFiles.folder(folder)),
            List.of(),
            line -> lines.add(line.who() + " " + line.about().get("calls")));
    assertThat(result.damage()).isEmpty();
    return lines;
  }
}
