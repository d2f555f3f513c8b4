package io.neurograft.coordinator.conduct;

import io.neurograft.coordinator.store.Database;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;

/**
 * The sites that are attached to this coordinator now, by name, each with its line. Who is attached
 * is told to the database a little later, many at a time.
 */
public final class AttachedSites {
  private final Map<String, SiteLink> byName = new ConcurrentSkipListMap<>();

  /** Sites that came or went since the database was told. */
  private final Set<String> untold = ConcurrentHashMap.newKeySet();

  /** Attaches a site; of two lines of the same site the older one is ended. */
  void attach(String site, SiteLink link) {
    SiteLink before = byName.get(site);
    if (before != null && link.program().before(before.program())) {
      link.replaced(before.program()); // it was under way for longer
      return;
    }
    byName.put(site, link);
    untold.add(site);
    if (before != null) {
      before.replaced(link.program());
    }
  }

  /** Detaches a site, unless another line has taken this one's place already. */
  void detach(String site, SiteLink link) {
    if (byName.remove(site, link)) {
      untold.add(site);
    }
  }

  /** The line to a site, if it is attached here. */
  Optional<SiteLink> link(String site) {
    return Optional.ofNullable(byName.get(site));
  }

  /** The lines to all sites that are attached here. */
  List<SiteLink> links() {
    return List.copyOf(byName.values());
  }

  /**
   * Tells a database who came and who went since it was told.
   *
   * @throws io.neurograft.coordinator.store.StorageException if it cannot be told; it is next time
   */
  void tell(Database database, String coordinator) {
    List<String> sites = List.copyOf(untold);
    if (sites.isEmpty()) {
      return;
    }
    untold.removeAll(sites); // before their state is looked at: whoever comes now is told again
    try {
      database.write(
          tables -> {
            for (String site : sites) {
              SiteLink link = byName.get(site);
              if (link != null) {
                tables.sites().attached(site, coordinator, link.program().id());
              } else {
                tables.sites().detached(site, coordinator);
              }
            }
            return sites.size();
          });
    } catch (RuntimeException e) {
      untold.addAll(sites);
      throw e;
    }
  }

  /** Ends the lines of sites that have attached to another coordinator since. */
  void dropReplaced(Database database, String coordinator) {
    Map<String, String> elsewhere = database.read(tables -> tables.sites().elsewhere(coordinator));
    elsewhere.forEach(
        (site, program) -> {
          SiteLink link = untold.contains(site) ? null : byName.get(site);
          if (link != null && byName.remove(site, link)) {
            link.replaced(new SiteProgram(program, 0));
          }
        });
  }

  /** The number of sites that are attached here. */
  public int size() {
    return byName.size();
  }
}
