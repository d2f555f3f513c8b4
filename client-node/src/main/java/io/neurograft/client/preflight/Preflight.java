package io.neurograft.client.preflight;

import io.neurograft.client.SiteIdentity;
import io.neurograft.client.config.NodeConfig;
import io.neurograft.proto.channel.Endpoint;
import io.neurograft.proto.channel.TlsSettings;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Looks at everything that a site's node needs: its configuration, folder and certificate, the way
 * to each address of the coordinator, disk, engine, data and memory. Nothing is changed, a node
 * that runs is not disturbed, and no check keeps another from being made that does not need it.
 */
public final class Preflight {
  private final NodeConfig config;
  private final InstantSource clock;
  private final Optional<String> proxy;
  private final Consumer<Line> told;
  private final List<Line> lines = new ArrayList<>();

  private Preflight(
      NodeConfig config, InstantSource clock, Optional<String> proxy, Consumer<Line> told) {
    this.config = config;
    this.clock = clock;
    this.proxy = proxy;
    this.told = told;
  }

  /**
   * Makes all checks, one after the other; each is bounded in time, but for reading the data.
   *
   * @param clock this machine's
   * @param proxy the proxy for HTTP that this machine's surroundings name, if any
   * @param told hears of each line as soon as it is known
   */
  public static Report run(
      NodeConfig config, InstantSource clock, Optional<String> proxy, Consumer<Line> told)
      throws InterruptedException {
    return new Preflight(config, clock, proxy, told).run();
  }

  private Report run() throws InterruptedException {
    tell(
        Check.CONFIGURATION,
        Finding.passed("site %s, folder %s".formatted(config.site(), config.folder())));
    tell(Check.GUARDS, GuardsCheck.of(config.guards()));
    tell(Check.FOLDER, FolderCheck.of(config.folder()));
    tell(Check.DISK, DiskCheck.of(config.folder(), config.member(), config.minimumFree()));
    Optional<TlsSettings> tls = SiteIdentity.files(config);
    tell(Check.CERTIFICATE, certificate(tls));
    for (Endpoint coordinator : config.coordinators()) {
      new CoordinatorChecks(
              coordinator,
              config.site(),
              tls,
              proxy,
              clock,
              (check, finding) -> tell(new Line(check, Optional.of(coordinator), finding)))
          .run();
    }
    tell(Check.ENGINE, EngineCheck.of(config.threads(), config.device()));
    DataCheck.Read read = DataCheck.read(config);
    tell(Check.DATA, read.finding());
    tell(
        Check.MEMORY,
        read.data().isEmpty()
            ? Finding.skipped("the data has to be read first")
            : MemoryCheck.judge(MemoryCheck.measure(read.data().get()), config.keptMemory()));
    return new Report(config.site(), lines);
  }

  private Finding certificate(Optional<TlsSettings> tls) {
    if (tls.isEmpty()) {
      return Finding.skipped("plain text is spoken, which needs none");
    }
    boolean renewed = SiteIdentity.renewable(config).isPresent();
    return CertificateCheck.of(tls.get(), config.site(), renewed, clock.instant());
  }

  private void tell(Check check, Finding finding) {
    tell(new Line(check, Optional.empty(), finding));
  }

  private void tell(Line line) {
    lines.add(line);
    told.accept(line);
  }
}
