package io.neurograft.proto.audit;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.neurograft.proto.artifact.Digest;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;

/**
 * One line of a log.
 *
 * @param number 1 for a log's first
 * @param about an object of texts, numbers, truth values and lists of texts
 * @param previous the digest of the line before
 */
public record Line(
    long number, Instant time, String who, String what, JsonNode about, Digest previous) {
  /** More bytes than any line has, even if all of it must be escaped: see {@link Deed}. */
  static final int LONGEST = 1 << 20;

  /** All but ASCII is escaped, so that a line says what it seems to say in any viewer. */
  private static final JsonMapper JSON =
      JsonMapper.builder(
              JsonFactory.builder()
                  .enable(JsonWriteFeature.ESCAPE_NON_ASCII)
                  .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                  .build())
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();

  /** The bytes of a deed's line, without its end. */
  static byte[] encode(Deed deed, Head before, Instant time) {
    ObjectNode line =
        JSON.createObjectNode()
            .put("number", before.number() + 1)
            .put("time", time.truncatedTo(ChronoUnit.MILLIS).toString())
            .put("who", deed.who())
            .put("what", deed.what().word());
    line.set("about", JSON.valueToTree(deed.about()));
    line.put("previous", before.digest().hex());
    try {
      return JSON.writeValueAsString(line).getBytes(StandardCharsets.US_ASCII);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a tree that cannot be written", e);
    }
  }

  /**
   * Reads a line.
   *
   * @param bytes without the line's end
   * @throws IllegalArgumentException if it is none; the message says how it fails
   */
  static Line parse(byte[] bytes) {
    if (bytes.length > LONGEST) {
      throw new IllegalArgumentException("more than " + LONGEST + " bytes");
    }
    try {
      JsonNode line = JSON.readTree(bytes);
      JsonNode about = line.path("about");
      if (line.size() != 6 || !line.path("number").canConvertToLong() || !about.isObject()) {
        throw new IllegalArgumentException("not a line of an audit log");
      }
      return new Line(
          line.path("number").asLong(),
          Instant.parse(line.path("time").asText()),
          line.path("who").asText(),
          line.path("what").asText(),
          about,
          new Digest(line.path("previous").asText()));
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException("no JSON: " + e.getOriginalMessage(), e);
    } catch (DateTimeException e) {
      throw new IllegalArgumentException("not a line of an audit log", e);
    } catch (IOException e) {
      throw new IllegalStateException("bytes in memory cannot fail to be read", e);
    }
  }
}
