package io.neurograft.client.preflight;

import static org.assertj.core.api.Assertions.assertThat;

import io.neurograft.client.preflight.MemoryCheck.Figures;
import io.neurograft.client.preflight.PortCheck.Failure;
import io.neurograft.client.rpc.AdmissionCall.Admitted;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.NoRouteToHostException;
import java.net.ServerSocket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

/** Where what was measured becomes a word: each limit from both sides. */
final class JudgementsTest {
  private static final long MIB = 1 << 20;
  private static final long GIB = 1 << 30;

  @Test
  void clock_atItsLimits_warnsAboveHalfAMinuteAndFailsAboveFive() {
    assertThat(clock(Duration.ofSeconds(30))).isEqualTo(Outcome.PASSED);
    assertThat(clock(Duration.ofSeconds(-31))).isEqualTo(Outcome.WARNING);
    assertThat(clock(Duration.ofMinutes(5))).isEqualTo(Outcome.WARNING);
    assertThat(clock(Duration.ofMinutes(-6))).isEqualTo(Outcome.FAILED);
    assertThat(clock(Duration.ofSeconds(Long.MAX_VALUE))).isEqualTo(Outcome.FAILED);
  }

  @Test
  void disk_atItsLimits_warnsBelowThreeModelsAndFailsAtTheReserve() {
    assertThat(DiskCheck.judge(GIB + 300, GIB, 100).outcome()).isEqualTo(Outcome.PASSED);
    assertThat(DiskCheck.judge(GIB + 299, GIB, 100).outcome()).isEqualTo(Outcome.WARNING);
    assertThat(DiskCheck.judge(GIB, GIB, 100).outcome()).isEqualTo(Outcome.FAILED);
    assertThat(DiskCheck.judge(0, 0, 100).outcome()).isEqualTo(Outcome.FAILED);
  }

  @Test
  void memory_heapThatIsFullOrTakesAll_isToldApart() {
    assertThat(memory(8 * GIB, 4 * GIB, GIB).outcome()).isEqualTo(Outcome.PASSED);
    assertThat(memory(8 * GIB, 4 * GIB, 3 * GIB).outcome()).isEqualTo(Outcome.WARNING);
    Finding full = memory(8 * GIB, 4 * GIB, 3900 * MIB);
    assertThat(full.outcome()).isEqualTo(Outcome.FAILED);
    assertThat(full.mend()).contains("-Xmx");
    Finding narrow = memory(4 * GIB, 4 * GIB, GIB);
    assertThat(narrow.outcome()).isEqualTo(Outcome.WARNING);
    assertThat(narrow.mend()).contains("outside the heap");
  }

  @Test
  void memory_limitOfAContainer_isNamedWithTheMachine() {
    Figures figures = new Figures(OptionalLong.of(64 * GIB), 8 * GIB, 4 * GIB, GIB);
    assertThat(MemoryCheck.judge(figures, 0).found())
        .startsWith("8.0 GiB by the limit of this container or service, of a machine's 64.0 GiB;");
    assertThat(memory(8 * GIB, 4 * GIB, GIB).found()).startsWith("8.0 GiB; the heap");
  }

  @Test
  void memory_ofTheMachine_isReadFromTheSystemsTable() {
    assertThat(MemoryCheck.total("MemTotal:       24600000 kB\nMemFree: 12 kB\n"))
        .hasValue(24_600_000L << 10);
    assertThat(MemoryCheck.total("nothing of the kind")).isEmpty();
  }

  @Test
  void port_failures_areToldApart() {
    assertThat(port(new ConnectException("Connection refused"))).contains("refuses");
    assertThat(port(new ConnectException("Connection timed out"))).contains("says nothing");
    assertThat(port(new SocketTimeoutException("Connect timed out"))).contains("says nothing");
    assertThat(port(new NoRouteToHostException("No route to host"))).contains("is unreachable");
    assertThat(port(new SocketException("Network is unreachable"))).contains("is unreachable");
  }

  @Test
  void port_closed_tellsOfAProxyThatIsNotUsed() throws Exception {
    InetAddress here = InetAddress.getLoopbackAddress();
    int closed;
    try (ServerSocket socket = new ServerSocket(0, 1, here)) {
      closed = socket.getLocalPort();
      assertThat(PortCheck.connect(List.of(here), closed, Optional.empty()).finding().ok())
          .isTrue();
    }
    var reached = PortCheck.connect(List.of(here), closed, Optional.of("http://proxy:3128"));
    assertThat(reached.address()).isEmpty();
    assertThat(reached.finding().outcome()).isEqualTo(Outcome.FAILED);
    assertThat(reached.finding().mend()).contains("http://proxy:3128, which a node does not use");
  }

  @Test
  void finding_ofSeveralLines_isOne() {
    assertThat(Finding.passed("CN=a\n\u001b[2Jb").found()).isEqualTo("CN=a [2Jb");
  }

  @Test
  void bytes_inWords_haveAUnitThatFits() {
    assertThat(List.of(0L, 1023L, 1536L, 200 * MIB, Long.MAX_VALUE).stream().map(Bytes::words))
        .containsExactly("0 B", "1023 B", "1.5 KiB", "200 MiB", "8.0 EiB");
  }

  private static Outcome clock(Duration ahead) {
    return ClockCheck.of(new Admitted("a", "0", false, ahead, Duration.ofMillis(2))).outcome();
  }

  private static Finding memory(long limit, long heap, long used) {
    return MemoryCheck.judge(new Figures(OptionalLong.of(limit), limit, heap, used), 0);
  }

  private static String port(java.io.IOException failure) {
    return Failure.of("10.0.0.1:7443", failure).found();
  }
}
