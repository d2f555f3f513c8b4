package io.neurograft.neural.collection;

import io.neurograft.neural.moments.NumberSink;
import io.neurograft.neural.moments.NumberSource;
import io.neurograft.neural.moments.Projection;
import io.neurograft.neural.moments.SecondMoments;
import io.neurograft.neural.moments.Summed;
import java.util.Optional;

/**
 * What the fit of a step needs to know of the examples. Those of parts of the examples add up to
 * those of all.
 *
 * @param fit of the fused inputs and the targets
 * @param deviations of each of the members' units (N): the squared distance to the target of its
 *     cluster, summed over rows; 0 for a unit in none
 * @param projection of the fused inputs, where their own S would be over the budget; valid until
 *     the next step's moments are asked for
 */
public record StepMoments(SecondMoments fit, Deviations deviations, Optional<Projection> projection)
    implements Summed, AutoCloseable {

  @Override
  public long numbers() {
    return fit.numbers() + deviations.numbers();
  }

  @Override
  public void write(NumberSink sink) {
    fit.write(sink);
    deviations.write(sink);
  }

  @Override
  public void add(NumberSource source) {
    fit.add(source);
    deviations.add(source);
  }

  @Override
  public void close() {
    fit.close();
  }
}
