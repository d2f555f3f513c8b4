package io.neurograft.proto.identity;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** What somebody may do. Exactly one role stands in each certificate. */
public enum Role {
  /** Holds data and works on runs. */
  SITE,
  /** Creates and ends runs, invites and revokes. */
  OPERATOR,
  /** Looks at runs and sites. */
  VIEWER;

  /** How the role is written in certificates and on the command line. */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** The role that is written so. */
  public static Optional<Role> of(String word) {
    return Arrays.stream(values()).filter(role -> role.word().equals(word)).findFirst();
  }
}
