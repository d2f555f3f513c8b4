package io.neurograft.proto.text;

import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * A text from outside as one line that is what it looks like: fit for logs, terminals and pages.
 * Control characters move a terminal's cursor or change what it does, those of Unicode's C1 as well
 * as ASCII's; format characters turn the order of what is read or hide in it; and not only a line
 * feed begins a line.
 */
public final class OneLine {
  private static final Pattern UNSEEN = Pattern.compile("[\\p{Cc}\\p{Cf}\\p{Zl}\\p{Zp}]+");

  private OneLine() {}

  /** A space in place of all that cannot be seen; none at its ends. */
  public static String of(String text) {
    return UNSEEN.matcher(text).replaceAll(" ").strip();
  }

  /** The same of each of a text's lines, which stay where they begin. */
  public static String each(String text) {
    return text.lines()
        .map(line -> UNSEEN.matcher(line).replaceAll(" ").stripTrailing())
        .collect(Collectors.joining("\n"));
  }

  /** The same, cut after so many characters, which three dots tell. */
  public static String of(String text, int longest) {
    String line = of(text);
    return line.length() > longest ? line.substring(0, longest) + "..." : line;
  }
}
