package io.neurograft.simulator.chaos;

import io.neurograft.client.Node;
import io.neurograft.client.config.NodeConfig;
import io.neurograft.coordinator.Coordinator;
import io.neurograft.coordinator.CoordinatorConfig;
import io.neurograft.proto.channel.GrpcLog;
import java.io.IOException;
import java.nio.file.Path;

/**
 * A coordinator or a node as a process, by a clock that can be set. Ends when its standard input
 * does, so that none outlives whoever started it.
 */
public final class ChaosProgram {
  /** Without a word: whoever would read it has gone. */
  private static final int ABANDONED = 70;

  private ChaosProgram() {}

  /**
   * Runs until the process is told to end.
   *
   * @param arguments {@code coordinator} or {@code node}, its configuration, its clock's file
   */
  public static void main(String[] arguments) throws Exception {
    GrpcLog.join();
    Thread watch = new Thread(ChaosProgram::awaitEndOfInput, "input");
    watch.setDaemon(true);
    watch.start();
    Path config = Path.of(arguments[1]);
    OffsetClock clock = OffsetClock.of(Path.of(arguments[2]));
    if (arguments[0].equals("coordinator")) {
      Coordinator coordinator = Coordinator.start(CoordinatorConfig.read(config), clock);
      Runtime.getRuntime().addShutdownHook(new Thread(coordinator::close, "shutdown"));
      coordinator.awaitClose();
    } else {
      Node node = Node.start(NodeConfig.read(config), clock);
      Runtime.getRuntime().addShutdownHook(new Thread(node::close, "shutdown"));
      node.ended().join();
    }
  }

  static void awaitEndOfInput() {
    try {
      while (System.in.read() >= 0) {}
    } catch (IOException e) {
      // as good as an end
    }
    Runtime.getRuntime().halt(ABANDONED);
  }
}
