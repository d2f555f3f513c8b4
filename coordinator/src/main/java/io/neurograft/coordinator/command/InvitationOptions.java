package io.neurograft.coordinator.command;

import io.neurograft.neural.config.InvalidInputException;
import io.neurograft.proto.identity.Identity;
import io.neurograft.proto.identity.Role;
import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Whom an invitation is for, and until when it can be used. */
final class InvitationOptions {
  private static final Pattern SPAN = Pattern.compile("(\\d{1,4})([mhd])");

  @Parameters(paramLabel = "NAME", description = "1 to 63 of a-z, 0-9 and '-'.")
  private String name = "";

  @Option(
      names = "--valid",
      paramLabel = "SPAN",
      defaultValue = "24h",
      description =
          "How long the token can be used, such as 30m, 24h or 7d, at most 30d; by default 24h.")
  private String valid = "";

  Identity identity(Role role) {
    return identity(role, name);
  }

  static Identity identity(Role role, String name) {
    try {
      return new Identity(role, name);
    } catch (IllegalArgumentException e) {
      throw new InvalidInputException("NAME", String.valueOf(e.getMessage()));
    }
  }

  Duration valid() {
    Matcher matcher = SPAN.matcher(valid);
    if (!matcher.matches()) {
      throw new InvalidInputException(
          "--valid", "expected a span such as 30m, 24h or 7d, found \"" + valid + "\"");
    }
    long amount = Long.parseLong(matcher.group(1));
    return switch (matcher.group(2)) {
      case "m" -> Duration.ofMinutes(amount);
      case "h" -> Duration.ofHours(amount);
      default -> Duration.ofDays(amount);
    };
  }
}
