package io.neurograft.simulator.command;

import io.neurograft.neural.config.InvalidInputException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Optional;
import picocli.CommandLine.ITypeConverter;

/**
 * A member on the command line: {@code A.safetensors}, or {@code A.safetensors:A.yaml} where it has
 * a network of its own, of other widths.
 *
 * @param weights its weights
 * @param network its network; empty where it is that of the fused network
 */
record MemberFile(Path weights, Optional<Path> network) {
  /** Reads an option's value. */
  static final class Converter implements ITypeConverter<MemberFile> {
    @Override
    public MemberFile convert(String value) {
      int colon = value.lastIndexOf(':');
      boolean own = colon > 0 && (value.endsWith(".yaml") || value.endsWith(".yml"));
      try {
        return own
            ? new MemberFile(
                Path.of(value.substring(0, colon)),
                Optional.of(Path.of(value.substring(colon + 1))))
            : new MemberFile(Path.of(value), Optional.empty());
      } catch (InvalidPathException e) {
        throw new InvalidInputException("--member", "expected a file, found " + value);
      }
    }
  }
}
