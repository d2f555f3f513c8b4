package io.neurograft.coordinator.artifact;

import io.neurograft.coordinator.store.ArtifactTable.Beginning;
import io.neurograft.coordinator.store.ArtifactTable.Put;
import io.neurograft.coordinator.store.CollectionTable.Claim;
import io.neurograft.coordinator.store.Database;
import io.neurograft.coordinator.store.StorageException;
import io.neurograft.coordinator.store.StoredArtifact;
import io.neurograft.neural.config.InvalidInputException;
import io.neurograft.neural.config.IoWords;
import io.neurograft.proto.artifact.ArtifactException;
import io.neurograft.proto.artifact.ArtifactException.Reason;
import io.neurograft.proto.artifact.ArtifactFolder;
import io.neurograft.proto.artifact.Chunks;
import io.neurograft.proto.artifact.Digest;
import io.neurograft.proto.artifact.IncomingArtifact;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.BooleanSupplier;

/**
 * The artifacts of a coordinator. Without a bucket they are files in its folder. With one, the
 * bucket has them, for all coordinators that share it, and the folder is this one's cache and the
 * place where uploads arrive. An object's name is its digest and a few random digits: it is never
 * used twice, so that a late deletion hits nothing that was stored since.
 */
public final class ArtifactStore {
  private static final int RANDOM_DIGITS = 8;

  private final ArtifactFolder folder;
  private final Optional<Bucket> bucket;
  private final String coordinator;
  private final Database database;
  private final Cache cache;
  private final DigestLocks locks = new DigestLocks();

  /**
   * @param coordinator as the database's other users know this one
   * @param cacheBytes what the folder may hold where there is a bucket
   * @param clock that of this machine's files
   */
  ArtifactStore(
      ArtifactFolder folder,
      Optional<Bucket> bucket,
      String coordinator,
      long cacheBytes,
      Database database,
      InstantSource clock) {
    this.folder = folder;
    this.bucket = bucket;
    this.coordinator = coordinator;
    this.database = database;
    this.cache = new Cache(folder, cacheBytes, this::isElsewhere, clock);
  }

  /**
   * How much the folder takes, in bytes.
   *
   * @param largest the size above which an artifact is refused
   * @param free what an upload leaves free on the disk
   * @param cache what the folder may hold where there is a bucket
   */
  public record Limits(long largest, long free, long cache) {}

  /**
   * Opens the artifacts of a coordinator.
   *
   * @param folder belongs to this coordinator alone
   * @param coordinator as the database's other users know this one
   * @param clock that of this machine's files
   * @throws InvalidInputException if the folder or the bucket cannot be used, or its artifacts are
   *     another database's
   */
  public static ArtifactStore open(
      Path folder,
      Limits limits,
      Optional<Bucket> bucket,
      String coordinator,
      Database database,
      InstantSource clock) {
    try {
      ArtifactFolder artifacts = ArtifactFolder.open(folder, limits.largest(), limits.free());
      String identity = database.write(tables -> tables.identity(UUID.randomUUID().toString()));
      Ownership.claim(folder, identity);
      if (bucket.isPresent()) {
        Ownership.claim(bucket.get(), identity);
      }
      return new ArtifactStore(artifacts, bucket, coordinator, limits.cache(), database, clock);
    } catch (IOException e) {
      throw new InvalidInputException("folder " + folder, "cannot be used: " + IoWords.of(e));
    }
  }

  /** Where uploads arrive, and downloads are served from. */
  public ArtifactFolder folder() {
    return folder;
  }

  /** Whether artifacts are put into a bucket, and brought from there. */
  public boolean hasBucket() {
    return bucket.isPresent();
  }

  Optional<Bucket> bucket() {
    return bucket;
  }

  Database database() {
    return database;
  }

  DigestLocks locks() {
    return locks;
  }

  /** What an artifact that is stored holds. */
  public Optional<StoredArtifact> known(String digest) {
    return database.read(tables -> tables.artifacts().find(digest));
  }

  /**
   * Whether the bucket has an artifact that somebody is about to send; then it is kept from being
   * collected for a while, as if it had been sent.
   *
   * @throws ArtifactException BUSY if it is just being collected or put by somebody else
   * @throws StorageException if the database does not tell
   */
  public boolean inBucket(StoredArtifact artifact) throws ArtifactException {
    if (bucket.isEmpty()) {
      return false;
    }
    Beginning beginning =
        database.write(tables -> tables.artifacts().offer(artifact, tables.now()));
    if (beginning == Beginning.BUSY) {
      throw busy(
          new Digest(artifact.digest()), "is being removed, or stored by another, right now");
    }
    return beginning == Beginning.STORED;
  }

  /**
   * Stores an artifact that is complete in the folder; it is safe when this returns. Storing it
   * again does no harm, and keeps it from being collected for a while.
   *
   * @throws ArtifactException BUSY if it is just being collected or put by somebody else
   * @throws StorageException if the bucket or the database does not take it
   */
  public void store(StoredArtifact artifact) throws ArtifactException {
    Digest digest = new Digest(artifact.digest());
    locks.lock(digest);
    try {
      Path file =
          folder.find(digest).orElseThrow(() -> busy(digest, "was removed before it was noted"));
      Optional<Put> put = bucket.map(to -> new Put(newName(digest), coordinator));
      Beginning beginning =
          database.write(tables -> tables.artifacts().begin(artifact, put, tables.now()));
      if (beginning == Beginning.BUSY) {
        throw busy(digest, "is being removed, or stored by another, right now");
      }
      if (beginning == Beginning.TO_BE_PUT) {
        put(digest, put.orElseThrow().object(), file);
      }
    } finally {
      locks.unlock(digest);
    }
  }

  private void put(Digest digest, String object, Path file) throws ArtifactException {
    BooleanSupplier wanted =
        () ->
            database.write(tables -> tables.artifacts().goesOn(digest.hex(), object, tables.now()));
    boolean complete =
        bucket.orElseThrow().put(object, file, wanted)
            && database.<Boolean>write(
                tables -> tables.artifacts().complete(digest.hex(), object, tables.now()));
    if (!complete) {
      throw busy(digest, "was stored by another meanwhile");
    }
  }

  private static ArtifactException busy(Digest digest, String why) {
    return new ArtifactException(Reason.BUSY, "artifact " + digest + " " + why + "; send it again");
  }

  private static String newName(Digest digest) {
    return digest + "-" + UUID.randomUUID().toString().substring(0, RANDOM_DIGITS);
  }

  /**
   * Makes an artifact of a file from {@link ArtifactFolder#newFile}.
   *
   * @throws StorageException if it cannot be stored now
   */
  public StoredArtifact add(StoredArtifact.Kind kind, Path file) {
    try {
      Digest digest = folder.add(file);
      StoredArtifact made = new StoredArtifact(digest.hex(), folder.size(digest), kind);
      store(made);
      return made;
    } catch (IOException e) {
      throw new StorageException("an artifact cannot be stored: " + IoWords.of(e), e);
    }
  }

  /** Files that one piece of work uses: none of them leaves the folder before it is closed. */
  public BorrowedFiles borrow() {
    return new BorrowedFiles(this, cache);
  }

  /**
   * The file of a stored artifact, brought from the bucket where that is needed.
   *
   * @throws StorageException if it is stored, but the bucket does not give it now
   */
  public Optional<Path> find(String digest) {
    return known(digest).flatMap(this::file);
  }

  private Optional<Path> file(StoredArtifact artifact) {
    Digest digest = new Digest(artifact.digest());
    locks.lock(digest);
    try {
      if (bucket.isPresent() && !folder.contains(digest)) {
        Optional<String> object =
            database.read(tables -> tables.artifacts().object(artifact.digest()));
        if (object.isPresent()) {
          cache.makeRoom(artifact.size());
          fetch(artifact, digest, object.get());
        }
      }
      Optional<Path> file = folder.find(digest);
      file.ifPresent(cache::used);
      return file;
    } catch (IOException e) {
      throw new StorageException(
          "artifact " + digest.brief() + " cannot be brought: " + IoWords.of(e), e);
    } finally {
      locks.unlock(digest);
    }
  }

  private void fetch(StoredArtifact artifact, Digest digest, String object) throws IOException {
    try (IncomingArtifact incoming = folder.receive(digest, artifact.size())) {
      if (incoming.complete()) {
        return;
      }
      try (InputStream bytes = bucket.orElseThrow().read(object, incoming.stored())) {
        byte[] buffer = new byte[Chunks.MAX_BYTES];
        int count = bytes.readNBytes(buffer, 0, buffer.length);
        while (count > 0) {
          List<ByteBuffer> chunk = List.of(ByteBuffer.wrap(buffer, 0, count));
          incoming.append(incoming.stored(), chunk, Chunks.crc32c(chunk));
          count = incoming.complete() ? 0 : bytes.readNBytes(buffer, 0, buffer.length);
        }
      }
      if (!incoming.complete()) {
        throw new IOException("object " + object + " ended at " + incoming.stored() + " bytes");
      }
    }
  }

  /**
   * Deletes artifacts that were claimed, now.
   *
   * @throws StorageException if that cannot be done now; then a collector does it later
   */
  public void discard(List<Claim> claims) {
    try {
      forget(claims.stream().filter(this::erase).toList());
    } catch (UncheckedIOException e) {
      throw new StorageException("artifacts cannot be deleted: " + IoWords.of(e), e);
    }
  }

  /**
   * The second step of a collection: deletes an artifact's bytes.
   *
   * @return false if another has collected it meanwhile, so that these may be somebody's again
   */
  boolean erase(Claim claim) {
    Digest digest = new Digest(claim.digest());
    locks.lock(digest);
    try {
      if (!database.<Boolean>read(tables -> tables.collection().holds(claim))) {
        return false;
      }
      folder.delete(digest);
      claim.object().ifPresent(object -> bucket.ifPresent(bucket -> bucket.delete(object)));
      return true;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } finally {
      locks.unlock(digest);
    }
  }

  /** The third step of a collection: from now on they can be stored again. */
  void forget(List<Claim> erased) {
    if (!erased.isEmpty()) {
      database.write(
          tables -> {
            erased.forEach(tables.collection()::forget);
            return erased;
          });
    }
  }

  /** Has the cache give up what is too much. */
  void trimCache() {
    if (bucket.isPresent()) {
      try {
        cache.makeRoom(0);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  /** Whether the bucket has an artifact, so that its file here can go; nobody else is at it. */
  private boolean isElsewhere(Digest digest, Runnable delete) {
    if (!locks.tryLock(digest)) {
      return false;
    }
    try {
      boolean elsewhere =
          database.read(tables -> tables.artifacts().object(digest.hex())).isPresent();
      if (elsewhere) {
        delete.run();
      }
      return elsewhere;
    } finally {
      locks.unlock(digest);
    }
  }
}
