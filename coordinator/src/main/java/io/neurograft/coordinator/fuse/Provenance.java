package io.neurograft.coordinator.fuse;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.neurograft.coordinator.conduct.Versions;
import io.neurograft.coordinator.run.NamedMethod;
import io.neurograft.coordinator.run.RunSpec;
import io.neurograft.coordinator.store.StoredTask;
import io.neurograft.neural.data.Dataset;
import io.neurograft.proto.artifact.Digest;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Says in a model's file where it comes from: enough to make it again. */
final class Provenance {
  private final Map<String, String> texts = new TreeMap<>();

  /** What all models of a run and a method say. */
  Provenance(String runId, RunSpec spec, NamedMethod method) {
    texts.put("network", spec.network().toYaml());
    texts.put("run", runId);
    texts.put("method", method.method().word());
    ObjectNode parameters = JsonNodeFactory.instance.objectNode();
    new TreeMap<>(method.method().parameters()).forEach(parameters::put);
    texts.put("parameters", parameters.toString());
    texts.put("seed", Long.toString(spec.seed()));
    texts.put("software", "neurograft " + Versions.software());
  }

  /** The models it was made of, with their sites and, for an average, their weights. */
  Provenance members(List<StoredTask> tasks) {
    ArrayNode members = JsonNodeFactory.instance.arrayNode();
    for (StoredTask task : tasks) {
      var result = task.result().orElseThrow();
      members
          .addObject()
          .put("site", task.key().site())
          .put("digest", result.weights().orElseThrow())
          .put("examples", result.trainingExamples());
    }
    texts.put("members", members.toString());
    return this;
  }

  /** The examples that moments were taken from. */
  Provenance data(String uri, Dataset examples) {
    ObjectNode data =
        JsonNodeFactory.instance
            .objectNode()
            .put("uri", uri)
            .put("examples", examples.size())
            .put("digest", digest(examples));
    texts.put("data", data.toString());
    return this;
  }

  /** The fine-tuning round, and the model that it started from. */
  Provenance round(int round, String parent) {
    texts.put("round", Integer.toString(round));
    texts.put("parent", parent);
    return this;
  }

  /** All texts, by name. */
  Map<String, String> texts() {
    return texts;
  }

  /** SHA-256 of the labels and values of some examples, in their order. */
  private static String digest(Dataset data) {
    MessageDigest sha256 = sha256();
    float[] values = new float[data.exampleSize()];
    ByteBuffer bytes = ByteBuffer.allocate(4 + 4 * values.length);
    for (int index = 0; index < data.size(); index++) {
      data.read(index, values, 0);
      bytes.clear().putInt(data.label(index)).asFloatBuffer().put(values);
      sha256.update(bytes.array());
    }
    return new Digest(HexFormat.of().formatHex(sha256.digest())).hex();
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }
}
