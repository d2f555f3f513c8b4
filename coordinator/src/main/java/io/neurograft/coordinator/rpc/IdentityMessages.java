package io.neurograft.coordinator.rpc;

import io.neurograft.proto.identity.Identity;
import io.neurograft.proto.identity.Role;

/** How roles and names are said to operators and by them. */
final class IdentityMessages {
  private IdentityMessages() {}

  static Identity identity(io.neurograft.proto.v1.Role role, String name) {
    Checks checks = new Checks("identity");
    checks.require(
        role != io.neurograft.proto.v1.Role.ROLE_UNSPECIFIED
            && role != io.neurograft.proto.v1.Role.UNRECOGNIZED,
        "role",
        "expected site, operator or viewer");
    checks.name("name", name);
    checks.done();
    return new Identity(role(role), name);
  }

  private static Role role(io.neurograft.proto.v1.Role role) {
    return switch (role) {
      case ROLE_SITE -> Role.SITE;
      case ROLE_OPERATOR -> Role.OPERATOR;
      case ROLE_VIEWER -> Role.VIEWER;
      case ROLE_UNSPECIFIED, UNRECOGNIZED -> throw new IllegalArgumentException("no role: " + role);
    };
  }

  static io.neurograft.proto.v1.Role message(Role role) {
    return switch (role) {
      case SITE -> io.neurograft.proto.v1.Role.ROLE_SITE;
      case OPERATOR -> io.neurograft.proto.v1.Role.ROLE_OPERATOR;
      case VIEWER -> io.neurograft.proto.v1.Role.ROLE_VIEWER;
    };
  }
}
