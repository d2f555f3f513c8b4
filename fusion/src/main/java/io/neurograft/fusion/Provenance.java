package io.neurograft.fusion;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.neurograft.neural.data.DataDigest;
import io.neurograft.neural.data.Dataset;
import io.neurograft.neural.network.NetworkSpec;
import java.util.Map;
import java.util.TreeMap;

/**
 * Where a fused network comes from, as texts that travel in its weights file: enough to know what
 * it was made of, and to make it again. It holds no time, so that the same fusion gives the same
 * bytes.
 */
public final class Provenance {
  private final Map<String, String> texts = new TreeMap<>();
  private final ArrayNode members = JsonNodeFactory.instance.arrayNode();

  /**
   * What every fused network says.
   *
   * @param version the software's
   */
  public Provenance(NetworkSpec network, FusionMethod method, long seed, String version) {
    texts.put("network", network.toYaml());
    texts.put("method", method.word());
    ObjectNode parameters = JsonNodeFactory.instance.objectNode();
    new TreeMap<>(method.parameters()).forEach(parameters::put);
    texts.put("parameters", parameters.toString());
    texts.put("seed", Long.toString(seed));
    texts.put("software", "neurograft " + version);
  }

  /**
   * Adds a network that it was made of.
   *
   * @param name the member's site, or its file
   * @param digest SHA-256 of its weights file, in hex
   */
  public Provenance member(String name, String digest) {
    members.addObject().put("member", name).put("digest", digest);
    return this;
  }

  /** Adds a network that it is an average of, weighted by a number of examples. */
  public Provenance member(String name, String digest, long examples) {
    members.addObject().put("member", name).put("digest", digest).put("examples", examples);
    return this;
  }

  /** Adds the examples that moments were taken from. */
  public Provenance data(String uri, Dataset examples) {
    ObjectNode data =
        JsonNodeFactory.instance
            .objectNode()
            .put("uri", uri)
            .put("examples", examples.size())
            .put("digest", DataDigest.of(examples));
    texts.put("data", data.toString());
    return this;
  }

  /** Adds any other text. */
  public Provenance with(String key, String text) {
    texts.put(key, text);
    return this;
  }

  /** All texts, by name. */
  public Map<String, String> texts() {
    Map<String, String> all = new TreeMap<>(texts);
    all.put("members", members.toString());
    return all;
  }
}
