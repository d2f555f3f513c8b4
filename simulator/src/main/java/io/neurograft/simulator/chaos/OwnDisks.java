package io.neurograft.simulator.chaos;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;

/**
 * The right to mount disks, which a process without privileges has in a user namespace of its own:
 * the program is started once more, within one. Mounts are seen there alone and go with it.
 */
public final class OwnDisks {
  private static final String WITHIN = "NEUROGRAFT_OWN_DISKS";
  private static final List<String> UNSHARE =
      List.of("unshare", "--user", "--map-root-user", "--mount");

  private OwnDisks() {}

  /** Whether this is the program that was started within a namespace. */
  public static boolean within() {
    return System.getenv(WITHIN) != null;
  }

  /**
   * Starts this program once more, where it may mount disks, and waits for its end. Its input,
   * output and errors are this program's.
   *
   * @return its exit code; empty where the system does not allow it
   */
  public static OptionalInt run(String mainClass, List<String> arguments)
      throws IOException, InterruptedException {
    if (!allowed()) {
      return OptionalInt.empty();
    }
    List<String> command = new ArrayList<>(UNSHARE);
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(ManagementFactory.getRuntimeMXBean().getInputArguments());
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), mainClass));
    command.addAll(arguments);
    ProcessBuilder builder = new ProcessBuilder(command).inheritIO();
    builder.redirectInput(ProcessBuilder.Redirect.PIPE); // ends when this program does
    builder.environment().put(WITHIN, "yes");
    Process process = builder.start();
    Runtime.getRuntime().addShutdownHook(new Thread(process::destroy, "own-disks"));
    return OptionalInt.of(process.waitFor());
  }

  /** Lets this program end when the one that started it does. */
  public static void endWithParent() {
    Thread watch = new Thread(ChaosProgram::awaitEndOfInput, "input");
    watch.setDaemon(true);
    watch.start();
  }

  private static boolean allowed() throws IOException, InterruptedException {
    Path probe = Files.createTempDirectory("neurograft-probe-");
    try {
      List<String> command = new ArrayList<>(UNSHARE);
      command.addAll(List.of("mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", probe.toString()));
      return new ProcessBuilder(command)
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .start()
              .waitFor()
          == 0;
    } catch (IOException e) {
      return false; // no such command
    } finally {
      Files.delete(probe);
    }
  }
}
