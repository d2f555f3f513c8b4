package io.neurograft.simulator.command;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectWriter;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.datatype.jdk8.Jdk8Module;

/** Writes JSON documents, indented; what is absent is null. */
final class Json {
  private static final ObjectWriter WRITER =
      JsonMapper.builder().addModule(new Jdk8Module()).build().writerWithDefaultPrettyPrinter();

  private Json() {}

  static String write(Object value) {
    try {
      return WRITER.writeValueAsString(value);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a result cannot be written as JSON", e);
    }
  }
}
