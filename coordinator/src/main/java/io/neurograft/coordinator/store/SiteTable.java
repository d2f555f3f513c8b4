package io.neurograft.coordinator.store;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jdbi.v3.core.Handle;

/** The sites that have attached before. */
public final class SiteTable {
  private final Handle handle;

  SiteTable(Handle handle) {
    this.handle = handle;
  }

  /** Notes what a site said when it attached. */
  public void save(StoredSite site) {
    handle
        .createUpdate(
            "INSERT INTO sites (name, input_shape, class_counts, held_back, software_version,"
                + " last_seen) VALUES (:name, :shape, :counts, :heldBack, :version, :seen)"
                + " ON CONFLICT (name) DO UPDATE SET input_shape = excluded.input_shape,"
                + " class_counts = excluded.class_counts, held_back = excluded.held_back,"
                + " software_version = excluded.software_version, last_seen = excluded.last_seen")
        .bind("name", site.name())
        .bind("shape", Columns.numbers(site.inputShape()))
        .bind("counts", Columns.numbers(site.classCounts()))
        .bind("heldBack", site.heldBack())
        .bind("version", site.softwareVersion())
        .bind("seen", site.lastSeen().toEpochMilli())
        .execute();
  }

  /**
   * Notes which coordinator a site is attached to.
   *
   * @param program names the program that attached
   */
  public void attached(String name, String coordinator, String program) {
    handle
        .createUpdate(
            "UPDATE sites SET coordinator = :coordinator, program = :program WHERE name = :name")
        .bind("coordinator", coordinator)
        .bind("program", program)
        .bind("name", name)
        .execute();
  }

  /** Notes that a site is not attached to a coordinator any more; it may be to another. */
  public void detached(String name, String coordinator) {
    handle
        .createUpdate(
            "UPDATE sites SET coordinator = NULL WHERE name = :name AND coordinator = :coordinator")
        .bind("coordinator", coordinator)
        .bind("name", name)
        .execute();
  }

  /** The sites that are attached now to a coordinator that is there, by name. */
  public List<StoredSite> attached(Instant now) {
    return handle
        .createQuery(
            "SELECT s.* FROM sites s JOIN coordinators c ON c.id = s.coordinator"
                + " WHERE c.alive_until > :now ORDER BY s.name")
        .bind("now", now.toEpochMilli())
        .map((row, context) -> site(row))
        .list();
  }

  /** Whether a site is attached now to a coordinator that is there. */
  public boolean attached(String name, Instant now) {
    return handle
        .createQuery(
            "SELECT count(*) FROM sites s JOIN coordinators c ON c.id = s.coordinator"
                + " WHERE s.name = :name AND c.alive_until > :now")
        .bind("name", name)
        .bind("now", now.toEpochMilli())
        .mapTo(Integer.class)
        .map(count -> count > 0)
        .one();
  }

  /**
   * The sites that are attached to another coordinator than this one: by which program, by name.
   */
  public Map<String, String> elsewhere(String coordinator) {
    return handle
        .createQuery("SELECT name, program FROM sites WHERE coordinator <> :coordinator")
        .bind("coordinator", coordinator)
        .map((row, context) -> Map.entry(row.getString("name"), row.getString("program")))
        .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
  }

  /** Notes when a site was last heard from. */
  public void seen(String name, Instant when) {
    handle
        .createUpdate("UPDATE sites SET last_seen = :seen WHERE name = :name")
        .bind("seen", when.toEpochMilli())
        .bind("name", name)
        .execute();
  }

  /** One site. */
  public Optional<StoredSite> find(String name) {
    return handle
        .createQuery("SELECT * FROM sites WHERE name = :name")
        .bind("name", name)
        .map((row, context) -> site(row))
        .findOne();
  }

  /** All sites, by name. */
  public List<StoredSite> all() {
    return handle
        .createQuery("SELECT * FROM sites ORDER BY name")
        .map((row, context) -> site(row))
        .list();
  }

  private static StoredSite site(ResultSet row) throws SQLException {
    return new StoredSite(
        row.getString("name"),
        Columns.numbers(row.getString("input_shape")),
        Columns.numbers(row.getString("class_counts")),
        row.getLong("held_back"),
        row.getString("software_version"),
        Columns.time(row, "last_seen"));
  }
}
