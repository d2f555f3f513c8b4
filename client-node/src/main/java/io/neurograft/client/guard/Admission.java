package io.neurograft.client.guard;

import java.util.Optional;

/**
 * Leave to answer one question.
 *
 * @param noise what must be added to the answer; empty for an exact answer
 */
public record Admission(Optional<Noise> noise) {
  static final Admission EXACT = new Admission(Optional.empty());

  /**
   * Gaussian noise that makes an answer private. A question that comes again gets the same noise:
   * two draws for one sum would halve what protects it.
   *
   * @param mu the sensitivity of the answer divided by the noise's standard deviation; above 0
   * @param clip the L2 norm, above 0, that every row is clipped to before it is summed
   * @param seed 256 secret bits, hexadecimal, from which all of the noise must be drawn; never
   *     leaves the site
   */
  public record Noise(double mu, double clip, String seed) {
    /**
     * @throws IllegalArgumentException if a number is not above 0
     */
    public Noise {
      if (!(mu > 0 && clip > 0)) {
        throw new IllegalArgumentException(
            "expected a mu and a clip above 0, found " + mu + " and " + clip);
      }
    }

    @Override
    public String toString() {
      return "noise of mu " + mu + " on rows clipped to " + clip;
    }
  }
}
