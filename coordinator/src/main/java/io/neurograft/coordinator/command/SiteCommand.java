package io.neurograft.coordinator.command;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.neurograft.coordinator.rpc.OperatorClient;
import io.neurograft.coordinator.rpc.SiteSummary;
import java.io.PrintWriter;
import java.util.List;
import java.util.Locale;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Lists the sites of a coordinator. */
@Command(
    name = "site",
    description = "Lists the sites of a coordinator.",
    mixinStandardHelpOptions = true,
    synopsisSubcommandLabel = "COMMAND")
public final class SiteCommand implements Runnable {
  @Spec private CommandSpec spec = CommandSpec.create();

  /** Says that one of its commands is needed. */
  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "expected the command list");
  }

  @Command(
      name = "list",
      description = "Lists all sites that have attached before, by name.",
      mixinStandardHelpOptions = true)
  int list(@Mixin OperatorOptions options, @Mixin FormatOption format) {
    PrintWriter out = spec.commandLine().getOut();
    try (OperatorClient client = options.connect()) {
      List<SiteSummary> sites = client.sites();
      if (format.json()) {
        ArrayNode all = JsonNodeFactory.instance.arrayNode();
        sites.forEach(site -> all.add(Json.site(site)));
        out.println(all.toPrettyString());
      } else {
        out.print(text(sites));
      }
      out.flush();
      return ExitCode.OK;
    }
  }

  private static String text(List<SiteSummary> sites) {
    if (sites.isEmpty()) {
      return "no sites\n";
    }
    StringBuilder text = new StringBuilder();
    text.append(
        String.format(
            Locale.ROOT, "%-24s %-9s %-24s %s%n", "SITE", "ATTACHED", "LAST SEEN", "EXAMPLES"));
    for (SiteSummary site : sites) {
      text.append(
          String.format(
              Locale.ROOT,
              "%-24s %-9s %-24s %s%n",
              site.site(),
              site.attached() ? "yes" : "no",
              site.lastSeen(),
              site.classCounts()));
    }
    return text.toString();
  }
}
