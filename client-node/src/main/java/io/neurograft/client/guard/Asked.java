package io.neurograft.client.guard;

import java.util.List;

/**
 * One question to a site, and what its answer would be.
 *
 * @param run the run it belongs to
 * @param method the fusion method that asks
 * @param exchange the number of the exchange in the run
 * @param kind what is asked for
 * @param step of the fusion; -1 where the kind has none
 * @param questionDigest of all that decides the answer apart from the data: the members, every
 *     parameter that earlier questions brought, the sites of a masked sum and their keys
 * @param dataDigest of the examples that the answer is over
 * @param examples how many they are
 * @param answerBytes the size of the answer
 * @param maskedOver the sites of the sum in which the answer is hidden, this one among them; empty
 *     where it is not masked
 * @param plannedAnswers how many answers, at least 1, the whole run will ask of this data, over all
 *     its methods: so many ways its epsilon is split
 * @param seesLabels whether the answer depends on the examples' labels
 */
public record Asked(
    String run,
    String method,
    long exchange,
    Kind kind,
    int step,
    String questionDigest,
    String dataDigest,
    long examples,
    long answerBytes,
    List<String> maskedOver,
    int plannedAnswers,
    boolean seesLabels) {
  /**
   * @throws IllegalArgumentException if a number is below its range
   */
  public Asked {
    maskedOver = List.copyOf(maskedOver);
    if (step < -1 || examples < 0 || answerBytes < 0 || plannedAnswers < 1) {
      throw new IllegalArgumentException(
          "expected a step of at least -1, no negative size and at least one answer, found step "
              + step
              + (", " + examples + " examples, " + answerBytes + " bytes")
              + (", " + plannedAnswers + " answers"));
    }
  }

  @Override
  public String toString() {
    return kind.word()
        + (step < 0 ? "" : " " + step)
        + (" (exchange " + exchange + " of run " + run + ", method " + method + ")");
  }
}
