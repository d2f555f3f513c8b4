package io.neurograft.coordinator.rpc;

import io.neurograft.neural.config.Fault;
import io.neurograft.neural.config.InvalidInputException;
import io.neurograft.proto.identity.Identity;
import io.neurograft.proto.text.OneLine;
import java.util.ArrayList;
import java.util.List;

/** Collects the faults of one message. */
final class Checks {
  private static final int LONGEST_ID = 400;

  private final String message;
  private final List<Fault> faults = new ArrayList<>();

  Checks(String message) {
    this.message = message;
  }

  void require(boolean holds, String field, String expected) {
    if (!holds) {
      faults.add(new Fault(field, expected));
    }
  }

  String site(String name) {
    return name("site", name);
  }

  String name(String field, String name) {
    require(
        Identity.isName(name),
        field,
        "expected 1 to 63 of a-z, 0-9 and '-', found \"" + OneLine.of(name, 70) + "\"");
    return name;
  }

  String id(String field, String id) {
    require(!id.isEmpty() && id.length() <= LONGEST_ID, field, "expected 1 to 400 characters");
    return id;
  }

  /**
   * @throws InvalidInputException if there are any faults
   */
  void done() {
    if (!faults.isEmpty()) {
      throw new InvalidInputException(message, faults);
    }
  }
}
