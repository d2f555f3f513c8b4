package io.neurograft.client.preflight;

import io.neurograft.proto.text.OneLine;

/**
 * What a check found.
 *
 * @param found one line: what is there, without the contents of any example
 * @param mend one line for the site's administrator: what to do about it; empty where nothing is
 */
public record Finding(Outcome outcome, String found, String mend) {
  /** Makes one line of each text. */
  public Finding {
    // Texts of other programs, such as a certificate's issuer, may hold anything.
    found = OneLine.of(found);
    mend = OneLine.of(mend);
  }

  static Finding passed(String found) {
    return new Finding(Outcome.PASSED, found, "");
  }

  static Finding warning(String found, String mend) {
    return new Finding(Outcome.WARNING, found, mend);
  }

  static Finding failed(String found, String mend) {
    return new Finding(Outcome.FAILED, found, mend);
  }

  static Finding skipped(String why) {
    return new Finding(Outcome.SKIPPED, why, "");
  }

  boolean ok() {
    return outcome == Outcome.PASSED || outcome == Outcome.WARNING;
  }
}
