package io.neurograft.proto.audit;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * Somebody's deed, as an audit log tells it. Texts may come from outside, so they are bounded here:
 * a line never outgrows {@link Line#LONGEST}.
 */
public final class Deed {
  private static final int LONGEST_TEXT = 500;
  private static final int LONGEST_NAME = 64;
  private static final int LONGEST_LIST = 1500;

  private final String who;
  private final Act what;
  private final Map<String, Object> about = new LinkedHashMap<>();

  private Deed(String who, Act what) {
    this.who = brief(who, LONGEST_TEXT);
    this.what = what;
  }

  /**
   * A deed about nothing yet.
   *
   * @param who a role and a name, such as {@code site hospital-a}, or {@code local}
   */
  public static Deed of(String who, Act what) {
    return new Deed(who, what);
  }

  /** Says more about it: a text, of which 500 characters are kept. */
  public Deed about(String key, String value) {
    about.put(key, brief(value, LONGEST_TEXT));
    return this;
  }

  /** Says more about it: a number. */
  public Deed about(String key, long value) {
    about.put(key, value);
    return this;
  }

  /** Says more about it: a number. */
  public Deed about(String key, double value) {
    about.put(key, value);
    return this;
  }

  /** Says more about it: whether something holds. */
  public Deed about(String key, boolean value) {
    about.put(key, value);
    return this;
  }

  /** Says more about it: names of at most 64 characters, of which 1500 are kept. */
  public Deed about(String key, Collection<String> values) {
    Stream<String> kept =
        values.stream().limit(LONGEST_LIST).map(value -> brief(value, LONGEST_NAME));
    Stream<String> left =
        values.size() > LONGEST_LIST
            ? Stream.of("and " + (values.size() - LONGEST_LIST) + " more")
            : Stream.of();
    about.put(key, Stream.concat(kept, left).toList());
    return this;
  }

  String who() {
    return who;
  }

  Act what() {
    return what;
  }

  /** Values are a String, a Long, a Double, a Boolean or a {@link List} of texts. */
  Map<String, Object> about() {
    return about;
  }

  private static String brief(String text, int longest) {
    return text.length() > longest ? text.substring(0, longest) + "..." : text;
  }

  @Override
  public String toString() {
    return what.word() + " by " + who + ", about " + about;
  }
}
