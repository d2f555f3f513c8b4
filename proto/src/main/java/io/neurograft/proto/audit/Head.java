package io.neurograft.proto.audit;

import io.neurograft.proto.artifact.Digest;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Where a log ends: who has noted it elsewhere finds out whether what was written up to there is
 * all there still, and unchanged.
 *
 * @param number of the last line; 0 before the first
 * @param digest of the last line's bytes without their end; zeros before the first
 */
public record Head(long number, Digest digest) {
  /** Before the first line. */
  static final Head NONE = new Head(0, new Digest("0".repeat(64)));

  private static final Pattern TEXT = Pattern.compile("(\\d{1,18}):([0-9a-f]{64})");

  /**
   * Reads {@code N:HASH}.
   *
   * @throws IllegalArgumentException if the text is none
   */
  public static Head parse(String text) {
    Matcher matcher = TEXT.matcher(text);
    if (!matcher.matches()) {
      throw new IllegalArgumentException(
          "expected N:HASH as audit verify prints it, found \"" + text + "\"");
    }
    return new Head(Long.parseLong(matcher.group(1)), new Digest(matcher.group(2)));
  }

  @Override
  public String toString() {
    return number + ":" + digest;
  }
}
