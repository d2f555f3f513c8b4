package io.neurograft.simulator.hostile;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import io.neurograft.client.task.Deviation;
import io.neurograft.client.task.SiteData;
import io.neurograft.neural.network.NetworkSpec;
import io.neurograft.neural.network.Weights;
import io.neurograft.neural.tensor.Compute;
import java.util.Map;
import java.util.function.Consumer;

/** What hostile nodes do otherwise than faithful ones. */
public final class Attacks {
  private static final float SCALE = 100;

  /** Share of drawn weights in a copy: enough for another digest. */
  private static final float DISGUISE = 0.01f;

  private Attacks() {}

  /** Makes the weights of another site's member, in the scope that it is given. */
  public interface Victim {
    Weights member(NetworkSpec network, NDManager scope);
  }

  /**
   * The deviation of a hostile node.
   *
   * @param seed of what it draws
   * @param victim whose member a copier sends
   */
  public static Deviation of(Attack attack, long seed, Victim victim) {
    return switch (attack) {
      case LABEL_FLIP -> new Mislabelling();
      case RANDOM_WEIGHTS ->
          new Changing(made -> mix(made, 0, (spec, to) -> Weights.initialise(spec, seed, to), 1));
      case SCALED_WEIGHTS -> new Changing(made -> each(made, array -> array.muli(SCALE)));
      case COPIED_MEMBER -> new Copying(seed, victim);
      case NAN -> new Changing(made -> each(made, array -> array.addi(Float.NaN)));
    };
  }

  private record Mislabelling() implements Deviation {
    @Override
    public SiteData data(SiteData own) {
      return new SiteData(new Relabelled(own.training()), new Relabelled(own.heldBack()));
    }
  }

  /** Changes all weights that it sends. */
  private record Changing(Consumer<Weights> how) implements Deviation {
    @Override
    public void change(Weights made, boolean member) {
      how.accept(made);
    }
  }

  /** Has a member without training it; fine-tunes as it is asked to. */
  private record Copying(long seed, Victim victim) implements Deviation {
    @Override
    public void change(Weights made, boolean member) {
      if (member) {
        mix(made, 0, victim, 1);
        mix(made, 1, (spec, to) -> Weights.initialise(spec, seed, to), DISGUISE);
      }
    }
  }

  private static void each(Weights weights, Consumer<NDArray> change) {
    weights.all().values().forEach(change);
  }

  /** Makes weights the sum of a multiple of them and one of others. */
  private static void mix(Weights made, float share, Victim other, float othersShare) {
    try (NDManager scope = Compute.newManager();
        Weights others = other.member(made.spec(), scope)) {
      for (Map.Entry<String, NDArray> entry : made.all().entrySet()) {
        NDArray array = others.get(entry.getKey());
        entry.getValue().muli(share).addi(array.muli(othersShare));
      }
    }
  }
}
