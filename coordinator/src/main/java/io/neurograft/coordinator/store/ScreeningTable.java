package io.neurograft.coordinator.store;

import io.neurograft.coordinator.run.ModelKey;
import io.neurograft.fusion.screen.Verdict;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Set;
import org.jdbi.v3.core.Handle;

/** What the screening said of what sites sent. */
public final class ScreeningTable {
  private final Handle handle;

  ScreeningTable(Handle handle) {
    this.handle = handle;
  }

  /** Stores what was said; what was said before stays as it is. */
  public void save(String runId, List<Screened> screened) {
    for (Screened one : screened) {
      handle
          .createUpdate(
              "INSERT INTO screenings (run_id, method, round, site, reason, deviation, agreement)"
                  + " VALUES (:run, :method, :round, :site, :reason, :deviation, :agreement)"
                  + " ON CONFLICT (run_id, method, round, site) DO NOTHING")
          .bind("run", runId)
          .bind("method", one.cohort().method())
          .bind("round", one.cohort().round())
          .bind("site", one.verdict().name())
          .bind("reason", one.verdict().reason())
          .bind("deviation", one.verdict().deviation())
          .bind("agreement", one.verdict().agreement())
          .execute();
    }
  }

  /** All that was said in a run, by round, method and site. */
  public List<Screened> of(String runId) {
    return handle
        .createQuery("SELECT * FROM screenings WHERE run_id = :run ORDER BY round, method, site")
        .bind("run", runId)
        .map((row, context) -> screened(row))
        .list();
  }

  /** The sites of which something did not pass: they take no further part in the run. */
  public Set<String> quarantined(String runId) {
    return handle
        .createQuery("SELECT site FROM screenings WHERE run_id = :run AND reason IS NOT NULL")
        .bind("run", runId)
        .mapTo(String.class)
        .set();
  }

  private static Screened screened(ResultSet row) throws SQLException {
    return new Screened(
        new ModelKey(row.getString("method"), row.getInt("round")),
        new Verdict(
            row.getString("site"),
            Columns.text(row, "reason"),
            row.getDouble("deviation"),
            Columns.decimal(row, "agreement")));
  }
}
