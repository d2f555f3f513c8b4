package io.neurograft.coordinator.conduct;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Calls that attach a site arrive in any order: of one program's, the last made counts. */
final class AttachedSitesTest {
  private final AttachedSites sites = new AttachedSites();

  /** A line that remembers who took its place. */
  private static final class Line implements SiteLink {
    private final SiteProgram program;
    private Optional<SiteProgram> successor = Optional.empty();

    Line(String program, long attempt) {
      this.program = new SiteProgram(program, attempt);
    }

    @Override
    public SiteProgram program() {
      return program;
    }

    @Override
    public void give(TaskOrder order) {}

    @Override
    public void revoke(String taskId, String reason) {}

    @Override
    public void over(String runId) {}

    @Override
    public void replaced(SiteProgram by) {
      successor = Optional.of(by);
    }
  }

  private Line attach(String program, long attempt) {
    Line line = new Line(program, attempt);
    sites.attach("a", line);
    return line;
  }

  @Test
  void attach_callThatWasUnderWayForLong_takesNobodysPlace() {
    Line second = attach("x", 1);
    Line first = attach("x", 0);
    assertThat(sites.link("a")).contains(second);
    assertThat(second.successor).isEmpty();
    assertThat(first.successor).contains(second.program);
    sites.detach("a", first);
    assertThat(sites.link("a")).contains(second);
  }

  @Test
  void attach_anotherProgramOrOneThatTellsNoName_takesThePlace() {
    Line first = attach("x", 7);
    Line second = attach("y", 0);
    assertThat(first.successor).contains(second.program);
    Line third = attach("", 0);
    assertThat(second.successor).contains(third.program);
    Line fourth = attach("", 0);
    assertThat(third.successor).contains(fourth.program);
    assertThat(sites.link("a")).contains(fourth);
  }
}
