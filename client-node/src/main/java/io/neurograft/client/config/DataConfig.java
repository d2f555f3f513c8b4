package io.neurograft.client.config;

import io.neurograft.neural.config.ConfigNode;
import io.neurograft.neural.config.Fault;
import io.neurograft.neural.config.InvalidInputException;
import io.neurograft.neural.data.DataUri;
import io.neurograft.neural.data.Partitioner;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * What a site trains on.
 *
 * @param uri the data, as on the command line
 * @param holdBack the share of examples on which models are evaluated and never trained, from 0 to
 *     0.9; by default 0.1
 * @param partition the part of the data that is this site's, where sites are only simulated
 */
public record DataConfig(String uri, double holdBack, Optional<Partition> partition) {
  private static final int MAX_PARTITIONS = 100_000;

  /**
   * One part of a data set that several simulated sites share.
   *
   * @param partitioner how the examples are dealt out
   * @param of the number of parts
   * @param index this site's part, from 0 on
   */
  public record Partition(Partitioner partitioner, int of, int index) {
    static Partition from(ConfigNode node) {
      Partitioner partitioner = Partitioner.from(node);
      int of = (int) node.integer("of", 1, MAX_PARTITIONS);
      return new Partition(partitioner, of, (int) node.integer("index", 0, of - 1));
    }
  }

  static DataConfig from(ConfigNode node) {
    return new DataConfig(
        uri(node),
        node.decimalOr("hold-back", 0, 0.9, 0.1),
        node.section("partition").map(Partition::from));
  }

  private static String uri(ConfigNode node) {
    String uri = node.text("uri");
    if (!uri.isEmpty()) {
      try {
        DataUri.check(uri);
      } catch (InvalidInputException e) {
        node.fault(
            "uri", e.faults().stream().map(Fault::toString).collect(Collectors.joining(", ")));
      }
    }
    return uri;
  }
}
