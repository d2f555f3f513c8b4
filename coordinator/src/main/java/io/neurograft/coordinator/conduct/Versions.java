package io.neurograft.coordinator.conduct;

import ai.djl.engine.Engine;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

/** The versions that a result depends on. */
public final class Versions {
  private Versions() {}

  /** The version of this software: what the build wrote into the jar's manifest. */
  public static String software() {
    String version = Versions.class.getPackage().getImplementationVersion();
    return version == null ? "development" : version;
  }

  static ObjectNode json() {
    return JsonNodeFactory.instance
        .objectNode()
        .put("neurograft", software())
        .put("java", Runtime.version().toString())
        .put("djl", Engine.getDjlVersion());
  }
}
