package io.neurograft.coordinator.fuse;

import io.neurograft.coordinator.run.ProxyData;
import io.neurograft.coordinator.run.RunSpec;
import io.neurograft.neural.config.Fault;
import io.neurograft.neural.config.InvalidInputException;
import io.neurograft.neural.data.DataUri;
import io.neurograft.neural.data.Dataset;
import io.neurograft.neural.data.Samples;
import io.neurograft.neural.data.Split;
import io.neurograft.neural.network.NetworkSpec;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The data that the coordinator itself holds; the last few sets stay in memory. */
final class RunData {
  private static final int KEPT = 2;

  private record Key(String uri, Split split) {}

  private final Map<Key, Dataset> kept = new LinkedHashMap<>(KEPT, 0.75f, true);

  /**
   * The examples that moments are taken from: as many of each class as there can be.
   *
   * @throws InvalidInputException if they cannot be read
   */
  Dataset proxy(ProxyData proxy, long seed) {
    Dataset data = open(new Key(proxy.uri(), Split.TRAIN));
    return data.subset(Samples.balanced(data, proxy.samples(), seed));
  }

  /**
   * The examples that models are evaluated on.
   *
   * @throws InvalidInputException if they cannot be read
   */
  Dataset evaluation(String uri) {
    return open(new Key(uri, Split.TEST));
  }

  /**
   * The examples that what sites send is checked on: of those that moments are taken from, or else
   * of those that models are evaluated on; as many of each class as there can be.
   *
   * @return empty where the coordinator holds no examples for the run
   * @throws InvalidInputException if they cannot be read
   */
  Optional<Dataset> check(RunSpec spec, int examples) {
    return spec.proxy()
        .map(proxy -> new Key(proxy.uri(), Split.TRAIN))
        .or(() -> spec.evaluation().map(uri -> new Key(uri, Split.TEST)))
        .map(this::open)
        .map(data -> data.subset(Samples.balanced(data, examples, spec.seed())));
  }

  /** Checks that a run's data is there and fits its network. */
  void check(RunSpec spec) {
    List<Fault> faults = new ArrayList<>();
    spec.proxy()
        .ifPresent(
            proxy ->
                check(faults, "moments.proxy", new Key(proxy.uri(), Split.TRAIN), spec.network()));
    spec.evaluation()
        .ifPresent(uri -> check(faults, "evaluation", new Key(uri, Split.TEST), spec.network()));
    if (!faults.isEmpty()) {
      throw new InvalidInputException("run specification", faults);
    }
  }

  private void check(List<Fault> faults, String place, Key key, NetworkSpec network) {
    try {
      Dataset data = open(key);
      if (!data.shape().equals(network.input().shape())) {
        faults.add(
            new Fault(
                place,
                "expected examples of the network's shape %s, found %s"
                    .formatted(network.input().shape(), data.shape())));
      }
      if (data.classes() > network.classes()) {
        faults.add(
            new Fault(
                place,
                "expected at most the network's %d classes, found %d"
                    .formatted(network.classes(), data.classes())));
      }
    } catch (InvalidInputException e) {
      faults.add(new Fault(place, String.valueOf(e.getMessage())));
    }
  }

  private synchronized Dataset open(Key key) {
    Dataset data = kept.get(key);
    if (data == null) {
      data = DataUri.open(key.uri(), key.split());
      kept.put(key, data);
      if (kept.size() > KEPT) {
        kept.remove(kept.keySet().iterator().next());
      }
    }
    return data;
  }
}
