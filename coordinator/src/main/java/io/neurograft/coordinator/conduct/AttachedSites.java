package io.neurograft.coordinator.conduct;

import io.neurograft.coordinator.run.SiteView;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentSkipListMap;

/** The sites that are attached now, by name, each with its line. */
public final class AttachedSites {
  private record Attached(SiteView site, SiteLink link) {}

  private final ConcurrentSkipListMap<String, Attached> byName = new ConcurrentSkipListMap<>();

  /** Attaches a site; of two lines of the same site the older one is ended. */
  void attach(SiteView site, SiteLink link) {
    Attached now = new Attached(site, link);
    Attached before = byName.get(site.name());
    if (before == null) {
      byName.put(site.name(), now);
    } else if (link.program().before(before.link().program())) {
      link.replaced(before.link().program()); // it was under way for longer
    } else {
      byName.put(site.name(), now);
      before.link().replaced(link.program());
    }
  }

  /** Detaches a site, unless another line has taken this one's place already. */
  void detach(String site, SiteLink link) {
    byName.computeIfPresent(site, (name, now) -> now.link() == link ? null : now);
  }

  /** The line to a site, if it is attached. */
  Optional<SiteLink> link(String site) {
    return Optional.ofNullable(byName.get(site)).map(Attached::link);
  }

  /** The lines to all attached sites. */
  List<SiteLink> links() {
    return byName.values().stream().map(Attached::link).toList();
  }

  /** What the attached sites hold, by name. */
  List<SiteView> views() {
    return byName.values().stream().map(Attached::site).toList();
  }

  /** Whether a site is attached. */
  public boolean contains(String site) {
    return byName.containsKey(site);
  }

  /** The number of attached sites. */
  public int size() {
    return byName.size();
  }
}
