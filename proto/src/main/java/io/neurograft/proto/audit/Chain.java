package io.neurograft.proto.audit;

import io.neurograft.proto.artifact.Digest;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Goes along a log and holds each line against the one before. For one thread. */
final class Chain {
  private @Nullable Head head;
  private @Nullable Fault fault;

  private Chain(@Nullable Head head) {
    this.head = head;
  }

  /** A chain whose next line must follow this one. */
  static Chain from(Head head) {
    return new Chain(head);
  }

  /** A chain whose first line is believed, whatever it says of the one before. */
  static Chain believing() {
    return new Chain(null);
  }

  /** Takes the next line; it counts as the last one even where it is at fault. */
  Optional<Line> take(byte[] bytes) {
    Digest digest = Digest.of(bytes);
    try {
      Line line = Line.parse(bytes);
      Head before = head == null ? new Head(line.number() - 1, line.previous()) : head;
      hold(before, line);
      head = new Head(line.number(), digest);
      return Optional.of(line);
    } catch (IllegalArgumentException e) {
      long number = head == null ? 1 : head.number() + 1;
      found(new Fault("line " + number, String.valueOf(e.getMessage())));
      head = new Head(number, digest);
      return Optional.empty();
    }
  }

  private void hold(Head before, Line line) {
    if (line.number() != before.number() + 1) {
      found(new Fault("line " + (before.number() + 1), "line " + line.number()));
    } else if (!line.previous().equals(before.digest())) {
      found(
          new Fault(
              "a line that names " + before.digest() + " as the one before",
              "one that names " + line.previous()));
    }
  }

  private void found(Fault one) {
    if (fault == null) {
      fault = one;
    }
  }

  /** The last line; that before the first where none was taken. */
  Head head() {
    return head == null ? Head.NONE : head;
  }

  /** The first fault that was met. */
  Optional<Fault> fault() {
    return Optional.ofNullable(fault);
  }
}
