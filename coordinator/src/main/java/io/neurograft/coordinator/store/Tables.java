package io.neurograft.coordinator.store;

import java.time.Instant;
import org.jdbi.v3.core.Handle;

/** The tables, within one piece of work. Not to be kept beyond it. */
public final class Tables {
  private final Handle handle;
  private final Engine engine;

  Tables(Handle handle, Engine engine) {
    this.handle = handle;
    this.engine = engine;
  }

  /** The time by the clock that all users of the database share, in whole milliseconds. */
  public Instant now() {
    return engine.now(handle);
  }

  /**
   * The identity of this database.
   *
   * @param made what it is if it has none yet
   */
  public String identity(String made) {
    handle
        .createUpdate(
            "INSERT INTO identity (id) SELECT :made WHERE NOT EXISTS (SELECT 1 FROM identity)")
        .bind("made", made)
        .execute();
    return handle.createQuery("SELECT id FROM identity").mapTo(String.class).one();
  }

  /** The sites that have attached before. */
  public SiteTable sites() {
    return new SiteTable(handle);
  }

  /** The coordinators that use the database. */
  public CoordinatorTable coordinators() {
    return new CoordinatorTable(handle);
  }

  /** The runs. */
  public RunTable runs() {
    return new RunTable(handle);
  }

  /** The tasks of all runs. */
  public TaskTable tasks() {
    return new TaskTable(handle);
  }

  /** The artifacts. */
  public ArtifactTable artifacts() {
    return new ArtifactTable(handle);
  }

  /** What nobody needs any more. */
  public CollectionTable collection() {
    return new CollectionTable(handle);
  }

  /** The questions of federated fusions. */
  public ExchangeTable exchanges() {
    return new ExchangeTable(handle);
  }

  /** What the screening said of what sites sent. */
  public ScreeningTable screenings() {
    return new ScreeningTable(handle);
  }

  /** The models of all runs, and what the coordinator measured. */
  public ModelTable models() {
    return new ModelTable(handle);
  }

  /** Who may be let in. */
  public IdentityTable identities() {
    return new IdentityTable(handle);
  }

  /** What sites have begun to send. */
  public UploadTable uploads() {
    return new UploadTable(handle);
  }

  /** What a site may see. */
  public ParticipationTable participation() {
    return new ParticipationTable(handle);
  }
}
