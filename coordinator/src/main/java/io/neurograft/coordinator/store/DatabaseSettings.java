package io.neurograft.coordinator.store;

import io.neurograft.neural.config.ConfigNode;
import io.neurograft.neural.config.InvalidInputException;
import io.neurograft.neural.config.IoWords;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Where a PostgreSQL database is, and as whom a coordinator uses it.
 *
 * <pre>{@code
 * database: jdbc:postgresql://host:5432/neurograft?user=coordinator
 * database: {url: jdbc:postgresql://host/neurograft, user: coordinator, password-file: secret}
 * }</pre>
 *
 * @param url of the driver; its parameters may say more, such as {@code sslmode=verify-full}
 * @param user by default the URL's
 * @param password by default none, or that of the password file
 * @param passwordFile a file whose first line is the password
 */
public record DatabaseSettings(
    String url, Optional<String> user, Optional<String> password, Optional<Path> passwordFile) {
  private static final String SCHEME = "jdbc:postgresql:";

  /** The database of a URL that says everything. */
  public static DatabaseSettings of(String url) {
    return new DatabaseSettings(url, Optional.empty(), Optional.empty(), Optional.empty());
  }

  /**
   * Reads the settings from a configuration.
   *
   * @param base what files are relative to
   */
  public static DatabaseSettings from(ConfigNode node, Path base) {
    DatabaseSettings settings =
        node.value().isTextual()
            ? of(node.text())
            : new DatabaseSettings(
                node.text("url"),
                text(node, "user"),
                text(node, "password"),
                node.has("password-file")
                    ? Optional.of(node.path("password-file", base))
                    : Optional.empty());
    if (!settings.url.isEmpty() && !settings.url.startsWith(SCHEME + "//")) {
      node.fault("expected a URL " + SCHEME + "//HOST:PORT/DATABASE");
    }
    if (settings.url.contains("password=")) {
      node.fault("expected a URL without a password; give it as password or password-file");
    }
    if (settings.password.isPresent() && settings.passwordFile.isPresent()) {
      node.fault("expected password or password-file, found both");
    }
    return settings;
  }

  private static Optional<String> text(ConfigNode node, String key) {
    return node.has(key) ? Optional.of(node.text(key)) : Optional.empty();
  }

  /** The database's name for a person: the URL without its parameters. */
  String place() {
    int parameters = url.indexOf('?');
    return parameters < 0 ? url : url.substring(0, parameters);
  }

  /**
   * The password, where there is one.
   *
   * @throws InvalidInputException if its file cannot be read
   */
  Optional<String> secret() {
    return passwordFile.map(DatabaseSettings::firstLine).or(() -> password);
  }

  private static String firstLine(Path file) {
    try {
      return Files.readString(file).lines().findFirst().orElse("");
    } catch (IOException e) {
      throw new InvalidInputException("password-file " + file, "cannot be read: " + IoWords.of(e));
    }
  }

  /** Without the password. */
  @Override
  public String toString() {
    return place();
  }
}
