package io.neurograft.client.config;

import io.neurograft.neural.config.Config;
import io.neurograft.neural.config.InvalidInputException;
import io.neurograft.testing.fuzz.Bounds;
import io.neurograft.testing.fuzz.FuzzTest;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Set;

/** Configurations of nodes. */
class NodeConfigFuzzTest extends FuzzTest {
  @Override
  protected void read(byte[] input) {
    var unused =
        Config.parse(
            new String(input, StandardCharsets.UTF_8),
            "node.yaml",
            node -> NodeConfig.from(node, Path.of("/base")));
  }

  @Override
  protected Set<Class<? extends Exception>> refusals() {
    return Set.of(InvalidInputException.class);
  }

  @Override
  protected Bounds bounds() {
    return Bounds.of(2 << 20, 5000);
  }
}
