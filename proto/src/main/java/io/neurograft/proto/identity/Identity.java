package io.neurograft.proto.identity;

import io.neurograft.proto.text.OneLine;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Whom a certificate names: a role and a name, as the one subject alternative name of the kind URI
 * that has this program's scheme, such as {@code neurograft://site/hospital-a}.
 *
 * @param name 1 to 63 of a-z, 0-9 and '-'
 */
public record Identity(Role role, String name) {
  private static final Pattern NAME = Pattern.compile("[a-z0-9-]{1,63}");
  private static final Pattern TEXT = Pattern.compile("neurograft://([a-z]+)/(.*)");
  private static final String SCHEME = "neurograft://";

  private static final int LONGEST_SHOWN = 70;

  /** The number of URIs among the kinds of subject alternative names (RFC 5280, 4.2.1.6). */
  private static final int KIND_URI = 6;

  /**
   * @throws IllegalArgumentException if the name cannot be one
   */
  public Identity {
    if (!isName(name)) {
      throw new IllegalArgumentException(
          "expected a name of 1 to 63 of a-z, 0-9 and '-', found \""
              + OneLine.of(name, LONGEST_SHOWN)
              + "\"");
    }
  }

  /** Whether somebody may be called so: 1 to 63 of a-z, 0-9 and '-'. */
  public static boolean isName(String text) {
    return NAME.matcher(text).matches();
  }

  /** Whom a certificate names; empty where it names nobody, or more than one. */
  public static Optional<Identity> of(X509Certificate certificate) {
    try {
      Collection<List<?>> names = certificate.getSubjectAlternativeNames();
      List<String> ours =
          (names == null ? List.<List<?>>of() : names)
              .stream()
                  .filter(name -> name.get(0).equals(KIND_URI))
                  .map(name -> String.valueOf(name.get(1)))
                  .filter(name -> name.startsWith(SCHEME))
                  .toList();
      return ours.size() == 1 ? parse(ours.get(0)) : Optional.empty();
    } catch (CertificateParsingException e) {
      return Optional.empty();
    }
  }

  private static Optional<Identity> parse(String uri) {
    Matcher matcher = TEXT.matcher(uri);
    return matcher.matches() && isName(matcher.group(2))
        ? Role.of(matcher.group(1)).map(role -> new Identity(role, matcher.group(2)))
        : Optional.empty();
  }

  /** How the identity stands in a certificate. */
  public String uri() {
    return SCHEME + role.word() + "/" + name;
  }

  /** How a person says it: {@code site hospital-a}. */
  @Override
  public String toString() {
    return role.word() + " " + name;
  }
}
