package io.neurograft.proto.channel;

import io.grpc.StatusRuntimeException;
import java.util.logging.Logger;
import org.slf4j.bridge.SLF4JBridgeHandler;

/**
 * What gRPC logs: it goes where the program's own log goes, instead of straight to the terminal.
 */
public final class GrpcLog {
  /** Kept, since a logger that nobody has is forgotten with its filter. */
  private static final Logger CALLS = Logger.getLogger("io.grpc.internal.SerializingExecutor");

  private GrpcLog() {}

  /** Called once by each program, before its first connection. */
  public static void join() {
    SLF4JBridgeHandler.removeHandlersForRootLogger();
    SLF4JBridgeHandler.install();
    // A message that cannot be decoded: its call has failed with that, and anybody can send some.
    CALLS.setFilter(line -> !(line.getThrown() instanceof StatusRuntimeException));
  }
}
