package io.neurograft.coordinator.web;

import static org.assertj.core.api.Assertions.assertThat;

import io.neurograft.coordinator.conduct.RunDesk;
import io.neurograft.coordinator.conduct.SiteStanding;
import io.neurograft.coordinator.run.RunState;
import io.neurograft.coordinator.store.StoredRun;
import io.neurograft.coordinator.store.StoredSite;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class StatusPageTest {
  private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");

  @Test
  void of_textsFromOutside_areEscaped() {
    String evil = "<script>alert('x')</script> & \"more\"";
    StoredRun run =
        new StoredRun(
            "r-1",
            "t",
            "r",
            "",
            RunState.TRAINING,
            0,
            NOW,
            NOW,
            Optional.empty(),
            NOW,
            1,
            evil,
            Optional.empty());
    StoredSite site = new StoredSite("a", List.of(1L), List.of(2L, 3L), 4, evil, NOW);
    String page =
        StatusPage.of(
            List.of(new RunDesk.ToldSite(site, true)),
            List.of(
                new RunDesk.Told(
                    run, List.of(new SiteStanding("a", evil, 0.5)), Optional.empty(), "")));
    assertThat(page)
        .doesNotContain("<script")
        .contains("&lt;script&gt;alert(&#39;x&#39;)&lt;/script&gt; &amp; &quot;more&quot;")
        .contains("<td>r-1</td><td>training</td>")
        .contains("<td>a</td><td>yes</td>")
        .contains("5 in 2 classes");
  }

  @Test
  void of_nothingYet_saysSo() {
    assertThat(StatusPage.of(List.of(), List.of()))
        .contains("No site has attached yet")
        .contains("No run has been created yet");
  }
}
