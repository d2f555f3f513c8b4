package io.neurograft.simulator.process;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalLong;

/**
 * The most memory that a process held at once, native memory included, as Linux counts it.
 *
 * @param pid the process's identity
 */
public record PeakMemory(long pid) {
  /** This process's. */
  public static PeakMemory ofThisProcess() {
    return new PeakMemory(ProcessHandle.current().pid());
  }

  /** Lets the count begin anew; where the system does not allow it, the peak is the process's. */
  public void reset() {
    try {
      Files.writeString(Path.of("/proc/" + pid + "/clear_refs"), "5");
    } catch (IOException e) {
      // Told apart by nobody: the figure is then an upper bound.
    }
  }

  /** The peak in MiB since the last reset; empty on other systems, or if the process is gone. */
  public OptionalLong mebibytes() {
    try {
      return Files.readAllLines(Path.of("/proc/" + pid + "/status")).stream()
          .filter(line -> line.startsWith("VmHWM:"))
          .mapToLong(line -> Long.parseLong(line.replaceAll("[^0-9]", "")) >> 10)
          .findFirst();
    } catch (IOException e) {
      return OptionalLong.empty();
    }
  }
}
