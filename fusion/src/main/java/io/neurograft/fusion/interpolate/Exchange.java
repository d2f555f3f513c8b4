package io.neurograft.fusion.interpolate;

import io.neurograft.neural.exchange.Question;
import io.neurograft.neural.moments.NumberSource;
import io.neurograft.neural.network.Weights;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Predicate;

/** Brings a fusion's questions to the sites, and their answers back. */
public interface Exchange {
  /**
   * How a question was answered.
   *
   * @param sites whose answers were added; at least one
   * @param variance of the noise in each number of the sum; 0 where there is none
   */
  record Answered(List<String> sites, double variance) {}

  /**
   * Asks all sites that still take part.
   *
   * @param fused the fused network as it is now
   * @param fitted which of its parameters no question has brought to the sites yet, by name
   * @param sum adds the numbers of an answer, or the sum of several; called for one after another,
   *     in an order that is the same whenever the same sites answer
   * @return whose answers were added
   */
  Answered ask(
      Question question, Weights fused, Predicate<String> fitted, Consumer<NumberSource> sum);
}
