package io.neurograft.neural.config;

import java.util.List;
import java.util.stream.Collectors;

/**
 * An input that cannot be used: a file, a specification, an option. Its message is one clear line
 * for a person, naming the source and every fault. Commands print it and end with exit code 2.
 */
public final class InvalidInputException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final transient List<Fault> faults;

  /**
   * @param source what was read: a file name, an option, a message
   * @param faults at least one fault
   */
  public InvalidInputException(String source, List<Fault> faults) {
    super(source + ": " + faults.stream().map(Fault::toString).collect(Collectors.joining("; ")));
    this.faults = List.copyOf(faults);
  }

  /** An input with one fault that concerns the whole of it. */
  public InvalidInputException(String source, String message) {
    this(source, List.of(new Fault("", message)));
  }

  /** All faults of the input, in the order they were found. */
  public List<Fault> faults() {
    return faults;
  }
}
