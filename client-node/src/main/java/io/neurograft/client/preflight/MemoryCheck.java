package io.neurograft.client.preflight;

import com.sun.management.OperatingSystemMXBean;
import io.neurograft.client.task.SiteData;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.ref.Reference;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Compares this process's memory, with the site's examples read, with what there is. */
final class MemoryCheck {
  private static final Path MEMINFO = Path.of("/proc/meminfo");
  private static final Pattern TOTAL = Pattern.compile("(?m)^MemTotal:\\s+(\\d{1,15}) kB$");

  /** The engine's libraries, and a small network with its gradients. */
  private static final long ENGINE = 512L << 20;

  private static final double FULL = 0.9;
  private static final double NARROW = 0.7;

  private MemoryCheck() {}

  /**
   * Figures of memory, in bytes.
   *
   * @param machine what the machine has; empty where that is not known
   * @param limit what this process may use: that, or the limit of its container or service
   * @param heap the most that the JVM's heap may take
   * @param used what is in the heap with the site's examples
   */
  record Figures(OptionalLong machine, long limit, long heap, long used) {}

  /** Measures with the site's examples read. */
  static Figures measure(SiteData data) {
    Runtime runtime = Runtime.getRuntime();
    try {
      System.gc(); // what is left is in use
      var system = (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
      long limit = system.getTotalMemorySize(); // minds cgroups
      long used = runtime.totalMemory() - runtime.freeMemory();
      return new Figures(machine(), limit, runtime.maxMemory(), used);
    } finally {
      Reference.reachabilityFence(data);
    }
  }

  /**
   * @param kept what else the configuration allows to be kept in memory, in bytes
   */
  static Finding judge(Figures figures, long kept) {
    long outside = Math.max(0, figures.limit() - figures.heap());
    boolean limited = figures.machine().orElse(figures.limit()) > figures.limit();
    String found =
        "%s%s; the heap may take %s, of which %s are taken with the examples read; %s are left for"
                .formatted(
                    Bytes.words(figures.limit()),
                    limited
                        ? " by the limit of this container or service, of a machine's "
                            + Bytes.words(figures.machine().getAsLong())
                        : "",
                    Bytes.words(figures.heap()),
                    Bytes.words(figures.used()),
                    Bytes.words(outside))
            + " the engine";
    if (figures.used() > FULL * figures.heap()) {
      return Finding.failed(found, heap());
    }
    if (figures.used() + kept > figures.heap() || figures.used() > NARROW * figures.heap()) {
      return Finding.warning(found, heap() + "; or lower kept-memory-mib");
    }
    return outside < ENGINE
        ? Finding.warning(
            found,
            "the engine keeps networks outside the heap: give the machine or the container more"
                + " memory, or the heap less of it")
        : Finding.passed(found);
  }

  private static String heap() {
    return "give the heap more memory, as with NEUROGRAFT_JAVA_OPTS=-Xmx8g (JAVA_TOOL_OPTIONS in a"
        + " container), and the machine, where it has too little";
  }

  private static OptionalLong machine() {
    try {
      return total(Files.readString(MEMINFO));
    } catch (IOException e) {
      return OptionalLong.empty(); // another system than Linux
    }
  }

  static OptionalLong total(String meminfo) {
    Matcher matcher = TOTAL.matcher(meminfo);
    return matcher.find()
        ? OptionalLong.of(Long.parseLong(matcher.group(1)) << 10)
        : OptionalLong.empty();
  }
}
