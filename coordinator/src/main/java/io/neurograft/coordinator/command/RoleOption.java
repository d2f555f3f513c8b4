package io.neurograft.coordinator.command;

import io.neurograft.proto.identity.Role;
import picocli.CommandLine.Option;

/** Whose name is meant: a site's, unless it is said otherwise. */
final class RoleOption {
  @Option(
      names = "--role",
      paramLabel = "ROLE",
      defaultValue = "site",
      description = "site, operator or viewer; by default site.")
  private String word = "";

  Role role() {
    return InvitationText.role(word);
  }
}
