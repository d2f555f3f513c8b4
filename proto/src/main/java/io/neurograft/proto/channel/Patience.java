package io.neurograft.proto.channel;

import java.time.Duration;

/**
 * How long a server bears clients that do nothing.
 *
 * @param handshake from the connection to the first words of HTTP/2, TLS included
 * @param idle how long a connection may have no call
 */
public record Patience(Duration handshake, Duration idle) {
  /** Ten seconds, and a minute. */
  public static final Patience DEFAULT =
      new Patience(Duration.ofSeconds(10), Duration.ofMinutes(1));
}
