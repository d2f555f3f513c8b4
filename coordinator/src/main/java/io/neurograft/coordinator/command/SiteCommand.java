package io.neurograft.coordinator.command;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.neurograft.coordinator.rpc.OperatorClient;
import io.neurograft.coordinator.rpc.SiteSummary;
import io.neurograft.proto.identity.Identity;
import java.io.PrintWriter;
import java.util.List;
import java.util.Locale;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Lists, invites and revokes the sites of a coordinator. */
@Command(
    name = "site",
    description = "Lists, invites and revokes the sites of a coordinator.",
    mixinStandardHelpOptions = true,
    synopsisSubcommandLabel = "COMMAND")
public final class SiteCommand implements Runnable {
  @Spec private CommandSpec spec = CommandSpec.create();

  /** Says that one of its commands is needed. */
  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "expected one of list, invite, revoke");
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

  @Command(
      name = "invite",
      description = "Prints a token by which a site, or somebody else, gets a certificate.",
      mixinStandardHelpOptions = true)
  int invite(
      @Mixin InvitationOptions invitation, @Mixin RoleOption of, @Mixin OperatorOptions options) {
    Identity identity = invitation.identity(of.role());
    try (OperatorClient client = options.connect()) {
      OperatorClient.Invitation made = client.invite(identity, invitation.valid());
      InvitationText.print(
          spec.commandLine().getOut(), spec.commandLine().getErr(), made.token(), made.expires());
      return ExitCode.OK;
    }
  }

  @Command(
      name = "revoke",
      description = {
        "Revokes all certificates and invitations of a name, and ends its calls now.",
        "It can be invited again. Exit code 2 where the coordinator knows nobody of that name."
      },
      mixinStandardHelpOptions = true)
  int revoke(
      @Parameters(paramLabel = "NAME") String name,
      @Mixin RoleOption of,
      @Mixin OperatorOptions options) {
    Identity identity = InvitationOptions.identity(of.role(), name);
    try (OperatorClient client = options.connect()) {
      int certificates = client.revoke(identity);
      PrintWriter out = spec.commandLine().getOut();
      out.println(identity + " is revoked; certificates that were good: " + certificates);
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
