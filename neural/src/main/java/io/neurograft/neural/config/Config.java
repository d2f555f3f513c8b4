package io.neurograft.neural.config;

import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.yaml.snakeyaml.error.Mark;
import org.yaml.snakeyaml.error.MarkedYAMLException;

/** Reads a YAML (or JSON) document into a record, reporting all its faults at once. */
public final class Config {
  private static final YAMLMapper YAML =
      YAMLMapper.builder()
          .enable(JsonParser.Feature.STRICT_DUPLICATE_DETECTION)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();

  private Config() {}

  /**
   * Reads a file.
   *
   * @param reader takes the document's root and returns the value; it notes faults on the nodes
   * @throws InvalidInputException if the file cannot be read, is no YAML, has an unknown key, or
   *     has any other fault
   */
  public static <T> T read(Path file, Function<ConfigNode, T> reader) {
    return parse(text(file), file.toString(), reader);
  }

  /**
   * Reads a file of text.
   *
   * @throws InvalidInputException if it cannot be read, or is no text in UTF-8
   */
  public static String text(Path file) {
    try {
      return Files.readString(file);
    } catch (NoSuchFileException e) {
      throw new InvalidInputException(file.toString(), "no such file");
    } catch (CharacterCodingException e) {
      throw new InvalidInputException(file.toString(), "is no text in UTF-8");
    } catch (IOException e) {
      throw new InvalidInputException(file.toString(), "cannot be read: " + IoWords.of(e));
    }
  }

  /**
   * Reads a text.
   *
   * @param source what the text is, for messages
   * @throws InvalidInputException as {@link #read}
   */
  public static <T> T parse(String text, String source, Function<ConfigNode, T> reader) {
    return read(tree(text, source), source, reader);
  }

  /**
   * Reads a document that is parsed already.
   *
   * @param source what the document is, for messages
   * @throws InvalidInputException as {@link #read}
   */
  public static <T> T read(JsonNode tree, String source, Function<ConfigNode, T> reader) {
    List<Fault> faults = new ArrayList<>();
    ConfigNode root = new ConfigNode(tree, "", faults);
    T value = reader.apply(root);
    root.noteUnknownKeys();
    if (!faults.isEmpty()) {
      throw new InvalidInputException(source, faults);
    }
    return value;
  }

  private static JsonNode tree(String text, String source) {
    try {
      JsonNode tree = YAML.readTree(text);
      return tree == null || tree.isMissingNode() ? NullNode.getInstance() : tree;
    } catch (JsonProcessingException e) {
      throw new InvalidInputException(source, List.of(fault(e)));
    }
  }

  private static Fault fault(JsonProcessingException e) {
    if (e.getCause() instanceof MarkedYAMLException yaml && yaml.getProblemMark() != null) {
      Mark at = yaml.getProblemMark();
      String context = yaml.getContext() == null ? "" : yaml.getContext() + ", ";
      return new Fault(place(at.getLine() + 1, at.getColumn() + 1), context + yaml.getProblem());
    }
    JsonLocation at = e.getLocation();
    String place = at == null ? "" : place(at.getLineNr(), at.getColumnNr());
    String message = e.getOriginalMessage().lines().findFirst().orElse("no YAML");
    boolean second = message.startsWith("Trailing token");
    return new Fault(place, second ? "expected one document, found a second" : message);
  }

  private static String place(int line, int column) {
    return "line " + line + ", column " + column;
  }
}
