package io.neurograft.coordinator.command;

import io.neurograft.neural.config.InvalidInputException;
import io.neurograft.proto.identity.Role;
import java.io.PrintWriter;
import java.time.Instant;

/** How an invitation is asked for and told. */
final class InvitationText {
  private InvitationText() {}

  static Role role(String word) {
    return Role.of(word)
        .orElseThrow(
            () ->
                new InvalidInputException(
                    "--role", "expected site, operator or viewer, found \"" + word + "\""));
  }

  /** The token alone on standard output, so that it can be piped. */
  static void print(PrintWriter out, PrintWriter err, String token, Instant expires) {
    out.println(token);
    out.flush();
    err.println("good for one certificate until " + expires + "; it is not shown again");
    err.flush();
  }
}
