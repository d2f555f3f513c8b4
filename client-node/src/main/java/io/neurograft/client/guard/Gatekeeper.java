package io.neurograft.client.guard;

import io.neurograft.client.guard.Admission.Noise;
import io.neurograft.client.guard.Guards.Privacy;
import io.neurograft.proto.audit.AuditLog;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.stream.DoubleStream;

/**
 * Stands before every answer about a site's data. The way of an answer:
 *
 * <ol>
 *   <li>{@link #admit} checks the question and enters it in the ledger, spending its privacy;
 *   <li>the site computes the answer, with the noise that it was told;
 *   <li>{@link #released} writes the answer's digest into the ledger and the audit log;
 *   <li>the answer leaves.
 * </ol>
 *
 * Each entry is on disk before the next thing happens. When power is lost in between, something may
 * be written down that never left; nothing leaves that is not written down. The same question then
 * goes the same way again, without spending twice. For one thread: a site does one task at a time.
 */
public final class Gatekeeper {
  private static final int SEED_BYTES = 32;

  private final Guards guards;
  private final Ledger ledger;
  private final QuestionLog audit;
  private final SecureRandom random;

  private Gatekeeper(Guards guards, Ledger ledger, QuestionLog audit, SecureRandom random) {
    this.guards = guards;
    this.ledger = ledger;
    this.audit = audit;
    this.random = random;
  }

  /**
   * Opens the ledger of a node's folder, creating what is missing.
   *
   * @param audit is told what was asked and answered
   * @param random where the seeds of noise come from
   * @throws io.neurograft.neural.config.InvalidInputException if the ledger is damaged
   */
  public static Gatekeeper open(
      String site, Guards guards, Path folder, AuditLog audit, SecureRandom random)
      throws IOException {
    Files.createDirectories(folder);
    return new Gatekeeper(guards, Ledger.open(folder), new QuestionLog(site, audit), random);
  }

  /**
   * Admits a question; the very same question is admitted again as it was the first time, as long
   * as the guards allow it.
   *
   * @throws RefusedException if a guard forbids the answer; that is in the audit log then
   * @throws IOException if the ledger or the audit log cannot be written; may be tried again
   */
  public Admission admit(Asked asked) throws IOException {
    if (asked.kind() == Kind.KEY) {
      return Admission.EXACT;
    }
    List<String> objections = guards.objections(asked);
    if (!objections.isEmpty()) {
      throw refusal(asked, String.join("; ", objections));
    }
    Optional<Ledger.Entry> known = ledger.find(asked);
    if (known.isPresent() && (known.get().noise().isPresent() || guards.privacy().isEmpty())) {
      return new Admission(known.get().noise());
    }
    if (known.isEmpty() && ledger.questions(asked) >= guards.repeats()) {
      throw refusal(
          asked,
          "this was asked %d times before in other ways, guards.repeats is %d"
              .formatted(ledger.questions(asked), guards.repeats()));
    }
    Optional<Noise> noise = Optional.empty();
    if (guards.privacy().isPresent()) {
      noise = Optional.of(spend(asked, guards.privacy().get()));
    }
    ledger.admitted(asked, noise);
    return new Admission(noise);
  }

  /**
   * Writes down that an answer is about to leave; it may leave when this returns.
   *
   * @param asked as it was admitted
   * @throws RefusedException if another answer left before under the same noise or the same mask:
   *     the difference of the two would be bare
   * @throws IllegalStateException if the question was not admitted
   * @throws IOException if the ledger or the audit log cannot be written; may be tried again
   */
  public void released(Asked asked, String answerDigest) throws IOException {
    if (asked.kind() == Kind.KEY) {
      audit.answered(asked, answerDigest, OptionalDouble.empty());
      return;
    }
    Optional<String> rival = ledger.rival(asked, answerDigest);
    if (rival.isPresent()) {
      throw refusal(
          asked,
          "its answer %s is not the answer %s that left before under the same %s"
              .formatted(
                  answerDigest, rival.get(), asked.maskedOver().isEmpty() ? "noise" : "mask"));
    }
    ledger.released(asked, answerDigest);
    audit.answered(asked, answerDigest, epsilon(asked));
  }

  /** The noise of a new question, if the run and the data can still spend it. */
  private Noise spend(Asked asked, Privacy privacy) throws IOException {
    double mu = privacy.mu(asked.plannedAnswers());
    check(asked, privacy, "epsilon", "run", privacy.epsilon(), mu, runMu(asked));
    if (privacy.lifetimeEpsilon().isPresent()) {
      double most = privacy.lifetimeEpsilon().getAsDouble();
      check(asked, privacy, "lifetime-epsilon", "data", most, mu, ledger.mu(asked.dataDigest()));
    }
    byte[] seed = new byte[SEED_BYTES];
    random.nextBytes(seed);
    return new Noise(mu, privacy.clip(), HexFormat.of().formatHex(seed));
  }

  private void check(
      Asked asked, Privacy privacy, String key, String whose, double most, double mu, double spent)
      throws IOException {
    if (spent == Double.POSITIVE_INFINITY) {
      throw refusal(
          asked,
          "this %s was answered without noise before, which no guards.privacy.%s allows"
              .formatted(whose, key));
    }
    double together = GaussianMechanism.composed(DoubleStream.of(spent, mu));
    if (together > GaussianMechanism.mu(most, privacy.delta())) {
      throw refusal(
          asked,
          String.format(
              Locale.ROOT,
              "it would bring the epsilon of this %s from %.4g to %.4g, guards.privacy.%s is %s",
              whose,
              GaussianMechanism.epsilon(spent, privacy.delta()),
              GaussianMechanism.epsilon(together, privacy.delta()),
              key,
              most));
    }
  }

  private double runMu(Asked asked) {
    return ledger.mu(asked.dataDigest(), asked.run());
  }

  /** The epsilon of the run so far; empty where answers are exact. */
  private OptionalDouble epsilon(Asked asked) {
    return guards.privacy().isEmpty() || runMu(asked) == Double.POSITIVE_INFINITY
        ? OptionalDouble.empty()
        : OptionalDouble.of(
            ledger.epsilon(asked.dataDigest(), asked.run(), guards.privacy().get().delta()));
  }

  private RefusedException refusal(Asked asked, String why) throws IOException {
    audit.refused(asked, why);
    return new RefusedException("this site does not answer " + asked + ": " + why);
  }
}
