package io.neurograft.proto.artifact;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Where the digests of broken transfers stand, so that one that goes on in the same process need
 * not read again what is stored. Keeps the latest few; the others are read again.
 */
final class SuspendedDigests {
  private static final int MOST = 256;

  private record Standing(long stored, RunningDigest digest) {}

  private final Map<Digest, Standing> standings = new LinkedHashMap<>();

  /** Keeps where the digest of an artifact stands after so many bytes. */
  synchronized void keep(Digest artifact, long stored, RunningDigest digest) {
    standings.remove(artifact);
    standings.put(artifact, new Standing(stored, digest));
    if (standings.size() > MOST) {
      standings.remove(standings.keySet().iterator().next());
    }
  }

  /** The digest of an artifact of which so many bytes are stored; nobody else gets it. */
  synchronized RunningDigest resume(Digest artifact, long stored) {
    Standing standing = standings.remove(artifact);
    if (stored == 0) {
      return RunningDigest.fresh();
    }
    return standing != null && standing.stored() == stored
        ? standing.digest()
        : RunningDigest.unknown();
  }
}
