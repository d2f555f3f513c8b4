package io.neurograft.proto.audit;

/** Hears of lines that could not be written. */
@FunctionalInterface
public interface Losses {
  /** A line was lost. */
  void lost();
}
