package io.neurograft.proto.channel;

import org.slf4j.bridge.SLF4JBridgeHandler;

/**
 * What gRPC logs: it goes where the program's own log goes, instead of straight to the terminal.
 */
public final class GrpcLog {
  private GrpcLog() {}

  /** Called once by each program, before its first connection. */
  public static void join() {
    SLF4JBridgeHandler.removeHandlersForRootLogger();
    SLF4JBridgeHandler.install();
  }
}
