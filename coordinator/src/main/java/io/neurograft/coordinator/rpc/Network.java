package io.neurograft.coordinator.rpc;

import io.grpc.Grpc;
import io.grpc.ServerCall;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Arrays;
import java.util.HexFormat;

/** Where a call comes from. */
final class Network {
  private static final int PREFIX_BYTES = 8;

  private Network() {}

  /** The caller's address; of the sixth version the first half, of which one caller has all. */
  static String of(ServerCall<?, ?> call) {
    return call.getAttributes().get(Grpc.TRANSPORT_ATTR_REMOTE_ADDR) instanceof InetSocketAddress at
            && at.getAddress() != null
        ? of(at.getAddress())
        : "an unknown address";
  }

  static String of(InetAddress address) {
    return address instanceof Inet6Address
        ? HexFormat.of().formatHex(Arrays.copyOf(address.getAddress(), PREFIX_BYTES)) + "/64"
        : address.getHostAddress();
  }
}
