package io.neurograft.proto.channel;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A host and a port, as people write them: {@code host:port}, {@code 127.0.0.1:7443}, {@code
 * [::1]:7443}.
 *
 * @param host a name or an address, without brackets
 * @param port 0 to 65535; 0 lets the system choose where one listens
 */
public record Endpoint(String host, int port) {
  private static final Pattern TEXT =
      Pattern.compile("(?:\\[([0-9a-fA-F:.%]+)\\]|([A-Za-z0-9._-]+)):(\\d{1,5})");
  private static final Pattern ADDRESS = Pattern.compile("[0-9.]+|.*:.*");

  /**
   * @throws ChannelSettingsException if the port is out of range
   */
  public Endpoint {
    if (port < 0 || port > 65_535) {
      throw new ChannelSettingsException("expected a port from 0 to 65535, found " + port);
    }
  }

  /**
   * Reads an endpoint.
   *
   * @throws ChannelSettingsException if the text is none
   */
  public static Endpoint parse(String text) {
    Matcher matcher = TEXT.matcher(text);
    if (!matcher.matches()) {
      throw new ChannelSettingsException("expected HOST:PORT, found \"" + text + "\"");
    }
    String host = matcher.group(1) != null ? matcher.group(1) : matcher.group(2);
    return new Endpoint(host, Integer.parseInt(matcher.group(3)));
  }

  /**
   * Whether the host is this machine and nothing else, as far as the text itself tells: {@code
   * localhost} or an address of the loopback interface. Nobody is asked for a name.
   */
  public boolean loopback() {
    if (host.equals("localhost")) {
      return true;
    }
    try {
      return ADDRESS.matcher(host).matches() && InetAddress.getByName(host).isLoopbackAddress();
    } catch (UnknownHostException e) {
      return false;
    }
  }

  @Override
  public String toString() {
    return (host.indexOf(':') >= 0 ? "[" + host + "]" : host) + ":" + port;
  }
}
