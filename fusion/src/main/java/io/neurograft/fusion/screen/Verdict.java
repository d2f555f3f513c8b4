package io.neurograft.fusion.screen;

import java.util.Optional;

/**
 * What the screening says of a member.
 *
 * @param name the member's
 * @param reason why it does not pass; empty where it does
 * @param deviation how many times as large as the cohort's median its norm is, at the level where
 *     that is worst: of a member furthest from 1, of a fine-tuned model's change largest; finite
 * @param agreement with the labels, beyond chance; empty where it was not measured
 */
public record Verdict(
    String name, Optional<String> reason, double deviation, Optional<Double> agreement) {
  /** Whether the member may take part. */
  public boolean passed() {
    return reason.isEmpty();
  }

  Verdict because(String why) {
    return new Verdict(name, Optional.of(why), deviation, agreement);
  }
}
