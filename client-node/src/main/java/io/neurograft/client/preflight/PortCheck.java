package io.neurograft.client.preflight;

import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NoRouteToHostException;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Opens a connection to a coordinator's port, at each address of its host. */
final class PortCheck {
  /** A far coordinator answers in less than a second; a firewall that says nothing never does. */
  private static final Duration PATIENCE = Duration.ofSeconds(5);

  private PortCheck() {}

  /**
   * What the connections gave.
   *
   * @param address the first that answered
   */
  record Reached(Finding finding, Optional<InetAddress> address) {}

  /**
   * @param addresses at least one
   * @param proxy the proxy for HTTP that this machine's surroundings name, if any
   */
  static Reached connect(List<InetAddress> addresses, int port, Optional<String> proxy) {
    List<String> answered = new ArrayList<>();
    List<Failure> failures = new ArrayList<>();
    Optional<InetAddress> first = Optional.empty();
    for (InetAddress address : addresses) {
      String place = place(address, port);
      try (Socket socket = new Socket()) {
        long start = System.nanoTime();
        socket.connect(new InetSocketAddress(address, port), (int) PATIENCE.toMillis());
        answered.add(place + " answers in " + (System.nanoTime() - start) / 1_000_000 + " ms");
        first = first.or(() -> Optional.of(address));
      } catch (IOException e) {
        failures.add(Failure.of(place, e));
      }
    }
    return new Reached(finding(answered, failures, proxy), first);
  }

  /** A connection that was not made: what happened, and what that usually means. */
  record Failure(String found, String mend) {
    static Failure of(String place, IOException e) {
      String message = String.valueOf(e.getMessage()).toLowerCase(Locale.ROOT);
      if (e instanceof SocketTimeoutException || message.contains("timed out")) {
        return new Failure(
            place + " says nothing for " + PATIENCE.toSeconds() + " s",
            "a firewall on the way most likely drops the connection: have it let this machine out"
                + " to that address and port");
      }
      if (e instanceof ConnectException && message.contains("refused")) {
        return new Failure(
            place + " refuses the connection",
            "either no coordinator runs there now (ask its operator), or the port in the"
                + " configuration is wrong, or a firewall refuses in its place");
      }
      if (e instanceof NoRouteToHostException || message.contains("unreachable")) {
        return new Failure(
            place + " is unreachable: this machine knows no way there",
            "look at this machine's network and its default route, or whether a VPN has to be up");
      }
      return new Failure(
          place + " cannot be reached: " + e.getMessage(), "ask your network's team");
    }
  }

  private static Finding finding(
      List<String> answered, List<Failure> failures, Optional<String> proxy) {
    if (failures.isEmpty()) {
      return Finding.passed(String.join(", ", answered));
    }
    String found = String.join(", ", failures.stream().map(Failure::found).toList());
    String mend = failures.get(0).mend();
    if (!answered.isEmpty()) {
      return Finding.warning(String.join(", ", answered) + "; but " + found, mend);
    }
    return Finding.failed(
        found,
        mend
            + proxy
                .map(
                    at ->
                        "; this machine's way to the web is the proxy "
                            + at
                            + ", which a node does not use: it needs a way of its own")
                .orElse(""));
  }

  private static String place(InetAddress address, int port) {
    String text = address.getHostAddress();
    return (text.indexOf(':') >= 0 ? "[" + text + "]" : text) + ":" + port;
  }
}
