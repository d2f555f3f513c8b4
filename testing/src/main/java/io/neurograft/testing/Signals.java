package io.neurograft.testing;

import java.io.IOException;

/** Signals to processes that tests have started. */
public final class Signals {
  private Signals() {}

  /**
   * Sends one.
   *
   * @param signal its name, such as {@code STOP} or {@code CONT}
   * @throws IOException if the process does not take it
   */
  public static void send(Process process, String signal) throws IOException, InterruptedException {
    String pid = Long.toString(process.pid());
    if (new ProcessBuilder("kill", "-" + signal, pid).inheritIO().start().waitFor() != 0) {
      throw new IOException("kill -" + signal + " " + pid + " failed");
    }
  }
}
