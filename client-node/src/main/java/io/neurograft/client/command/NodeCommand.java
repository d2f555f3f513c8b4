package io.neurograft.client.command;

import io.neurograft.client.Node;
import io.neurograft.client.config.NodeConfig;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletionException;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Runs a node until it is told to stop. */
@Command(
    name = "node",
    description = "Runs a site's agent: holds the data, trains, scores, fine-tunes.",
    mixinStandardHelpOptions = true)
public final class NodeCommand implements Callable<Integer> {
  @Option(
      names = "--config",
      required = true,
      paramLabel = "FILE",
      description = "The node's configuration, in YAML.")
  private Path config = Path.of("");

  /**
   * Runs the node.
   *
   * @throws io.neurograft.neural.config.InvalidInputException if the configuration cannot be used
   * @throws io.neurograft.client.rpc.SessionRefusedException if the coordinator refuses the site
   */
  @Override
  public Integer call() {
    try (Node node = Node.start(NodeConfig.read(config))) {
      // SIGTERM and Ctrl-C: leave the session and keep what is done.
      Runtime.getRuntime().addShutdownHook(new Thread(node::close, "shutdown"));
      node.ended().join();
      return CommandLine.ExitCode.OK;
    } catch (CompletionException e) {
      throw e.getCause() instanceof RuntimeException cause ? cause : e;
    }
  }
}
