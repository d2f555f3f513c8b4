package io.neurograft.client.command;

import io.neurograft.client.Node;
import io.neurograft.client.SiteIdentity;
import io.neurograft.client.config.NodeConfig;
import io.neurograft.proto.identity.Token;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Runs a node until it is told to stop. */
@Command(
    name = "node",
    description = "Runs a site's agent: holds the data, trains, scores, fine-tunes.",
    mixinStandardHelpOptions = true)
public final class NodeCommand implements Callable<Integer> {
  @Spec private CommandSpec spec = CommandSpec.create();

  @Option(
      names = "--config",
      paramLabel = "FILE",
      description = "The node's configuration, in YAML; required.")
  private @Nullable Path config;

  /**
   * Runs the node.
   *
   * @throws io.neurograft.neural.config.InvalidInputException if the configuration cannot be used
   * @throws io.neurograft.client.rpc.SessionRefusedException if the coordinator refuses the site
   */
  @Override
  public Integer call() {
    if (config == null) { // which its commands need not have
      throw new ParameterException(spec.commandLine(), "Missing required option: '--config=FILE'");
    }
    try (Node node = Node.start(NodeConfig.read(config))) {
      // SIGTERM and Ctrl-C: leave the session and keep what is done.
      Runtime.getRuntime().addShutdownHook(new Thread(node::close, "shutdown"));
      node.ended().join();
      return CommandLine.ExitCode.OK;
    } catch (CompletionException e) {
      throw e.getCause() instanceof RuntimeException cause ? cause : e;
    }
  }

  @Command(
      name = "enrol",
      description = {
        "Makes the site's key pair in the node's folder and has the coordinator certify it.",
        "The key never leaves. From then on the node calls with the certificate, and renews it."
      },
      mixinStandardHelpOptions = true)
  int enrol(
      @Option(
              names = "--token",
              required = true,
              paramLabel = "TOKEN",
              description =
                  "What the operator's site invite has printed; @FILE reads it from a file, so that"
                      + " it stands in no list of processes.")
          String token,
      @Option(
              names = "--config",
              required = true,
              paramLabel = "FILE",
              description = "The node's configuration, in YAML.")
          Path file) {
    NodeConfig node = NodeConfig.read(file);
    SiteIdentity.enrol(node, parse(token), new SecureRandom());
    PrintWriter out = spec.commandLine().getOut();
    out.println("site " + node.site() + " has a certificate; start the node");
    out.flush();
    return CommandLine.ExitCode.OK;
  }

  private Token parse(String token) {
    try {
      return Token.parse(token);
    } catch (IllegalArgumentException e) {
      throw new ParameterException(spec.commandLine(), "--token: " + e.getMessage());
    }
  }
}
