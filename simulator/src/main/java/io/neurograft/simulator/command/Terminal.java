package io.neurograft.simulator.command;

import io.neurograft.neural.Progress;
import java.io.PrintWriter;
import java.util.Locale;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;
import org.jspecify.annotations.Nullable;

/**
 * Shows progress to the person who waits: a bar on a terminal, elsewhere a plain line for each new
 * phase. Everything goes to stderr. The launcher knows whether that is a terminal, and says so.
 */
final class Terminal implements Progress, AutoCloseable {
  private static final int STEPS = 1000;

  private final PrintWriter err;
  private final @Nullable ProgressBar bar;
  private String phase = "";

  Terminal(String task, PrintWriter err) {
    this.err = err;
    this.bar = Boolean.getBoolean("neurograft.terminal") ? bar(task) : null;
  }

  private static ProgressBar bar(String task) {
    return new ProgressBarBuilder()
        .setTaskName(task)
        .setInitialMax(STEPS)
        .setStyle(ProgressBarStyle.ASCII)
        .setUpdateIntervalMillis(200)
        .hideEta()
        .continuousUpdate()
        .clearDisplayOnFinish()
        .build();
  }

  @Override
  public void report(double fraction, String phase) {
    if (bar != null) {
      bar.stepTo(Math.round(fraction * STEPS));
      bar.setExtraMessage(" " + phase);
    } else if (!this.phase.equals(phase)) {
      err.printf(Locale.ROOT, "%3.0f%% %s%n", 100 * fraction, phase);
      err.flush();
    }
    this.phase = phase;
  }

  @Override
  public void close() {
    if (bar != null) {
      bar.close();
    }
  }
}
