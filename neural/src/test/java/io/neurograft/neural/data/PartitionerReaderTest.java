package io.neurograft.neural.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.neurograft.neural.config.Config;
import io.neurograft.neural.config.InvalidInputException;
import org.junit.jupiter.api.Test;

class PartitionerReaderTest {
  @Test
  void from_everyKind() {
    assertThat(read("iid")).isEqualTo(new Partitioner.Iid(42));
    assertThat(read("{iid: {seed: 7}}")).isEqualTo(new Partitioner.Iid(7));
    assertThat(read("{dirichlet: {alpha: 0.3}}"))
        .isEqualTo(new Partitioner.Dirichlet(0.3, 10, false, 42));
    assertThat(
            read("{dirichlet: {alpha: 2, min-partition-size: 3, self-balancing: true, seed: -1}}"))
        .isEqualTo(new Partitioner.Dirichlet(2, 3, true, -1));
    assertThat(read("{shard: {shards-per-partition: 2, seed: 1}}"))
        .isEqualTo(new Partitioner.Shard(2, 1));
    assertThat(read("{pathological: {classes-per-partition: 3}}"))
        .isEqualTo(new Partitioner.Pathological(3, 42));
  }

  @Test
  void from_wrongWord_listsTheKnownOnes() {
    assertFault("dirichelt", "expected one of iid, dirichlet, shard, pathological");
    assertFault("{iid: {}, shard: {shards-per-partition: 1}}", "found iid and shard");
    assertFault("{}", "expected one of iid, dirichlet, shard, pathological, found none");
    assertFault("12", "expected one of iid, dirichlet, shard, pathological");
    assertFault("dirichlet", "expected {dirichlet: {alpha: NUMBER}}");
  }

  @Test
  void from_wrongValues_allFaultsAtOnce() {
    assertFault(
        "{dirichlet: {alpha: 0, min-partition-size: 0, seeds: 3}}",
        "dirichlet.alpha: expected a number",
        "dirichlet.min-partition-size: expected a whole number of at least 1, found 0",
        "dirichlet.seeds: unknown key");
    assertFault("{shard: {}}", "shard.shards-per-partition: is missing");
  }

  private static Partitioner read(String yaml) {
    return Config.parse(yaml, "partition", Partitioner::from);
  }

  private static void assertFault(String yaml, String... messages) {
    assertThatThrownBy(() -> read(yaml))
        .isInstanceOf(InvalidInputException.class)
        .hasMessageContainingAll(messages);
  }
}
