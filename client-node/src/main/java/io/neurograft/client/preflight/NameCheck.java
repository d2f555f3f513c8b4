package io.neurograft.client.preflight;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;

/** Looks up a coordinator's host name. */
final class NameCheck {
  /** A resolver tries several servers several times. */
  private static final Duration PATIENCE = Duration.ofSeconds(15);

  /** More addresses than a coordinator has. */
  private static final int MOST_ADDRESSES = 8;

  private NameCheck() {}

  /**
   * What the look-up gave.
   *
   * @param addresses empty if it failed
   */
  record Resolved(Finding finding, List<InetAddress> addresses) {}

  static Resolved resolve(String host) throws InterruptedException {
    FutureTask<InetAddress[]> lookup = new FutureTask<>(() -> InetAddress.getAllByName(host));
    Thread thread = new Thread(lookup, "preflight-name"); // a look-up cannot be interrupted
    thread.setDaemon(true);
    thread.start();
    try {
      InetAddress[] all = lookup.get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
      List<InetAddress> addresses = Arrays.stream(all).limit(MOST_ADDRESSES).toList();
      return new Resolved(Finding.passed(words(host, addresses)), addresses);
    } catch (ExecutionException e) {
      return nothing(
          e.getCause() instanceof UnknownHostException
              ? "no address is known for " + host
              : "cannot look up " + host + ": " + e.getCause());
    } catch (TimeoutException e) {
      return nothing(
          "no name server has answered for " + host + " in " + PATIENCE.toSeconds() + " s");
    }
  }

  private static String words(String host, List<InetAddress> addresses) {
    String text =
        addresses.stream().map(InetAddress::getHostAddress).collect(Collectors.joining(", "));
    return text.equals(host) ? "an address already" : host + " is " + text;
  }

  private static Resolved nothing(String found) {
    return new Resolved(
        Finding.failed(
            found,
            "compare the host in the configuration (coordinator:) with what the operator gave you;"
                + " if it is right, have your network's name server (DNS) know it"),
        List.of());
  }
}
