package io.neurograft.simulator.chaos.transfer;

import com.google.protobuf.InvalidProtocolBufferException;
import io.neurograft.proto.v1.Artifact;
import io.neurograft.proto.v1.ArtifactKind;
import io.neurograft.proto.v1.Chunk;
import io.neurograft.proto.v1.UploadArtifactRequest;
import io.neurograft.proto.v1.UploadArtifactResponse;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Follows all uploads on the wires between nodes and a coordinator. An upload is accepted when the
 * coordinator says that it is complete; from then on no byte of that artifact may be sent. Bytes of
 * an upload that broke off may be sent again.
 */
public final class UploadWatch {
  /** One call, from the header on. */
  private static final class Upload {
    private final Artifact artifact;
    private final boolean acceptedBefore;

    Upload(Artifact artifact, boolean acceptedBefore) {
      this.artifact = artifact;
      this.acceptedBefore = acceptedBefore;
    }
  }

  /**
   * What was seen.
   *
   * @param artifacts that were sent and accepted
   * @param accepted their size all together, in bytes
   * @param sent all bytes of artifacts that nodes sent, in uploads that broke off too
   */
  public record Count(int artifacts, long accepted, long sent) {}

  private final Map<String, Artifact> accepted = new HashMap<>();
  private final Map<String, Long> sentOf = new HashMap<>();
  private int artifacts;
  private long size;
  private final Set<String> repeated = new HashSet<>();
  private long sent;

  /** A new connection of a node. */
  public WatchedConnection connection() {
    return new WatchedConnection(new Calls());
  }

  /** What was seen so far. */
  public synchronized Count count() {
    return new Count(artifacts, size, sent);
  }

  /**
   * Forgets accepted answers to questions: the coordinator deletes them with the fusion that asked,
   * and another run may ask the same.
   */
  public synchronized void forgetAnswers() {
    for (Artifact artifact : List.copyOf(accepted.values())) {
      if (artifact.getKind() == ArtifactKind.ARTIFACT_KIND_MOMENTS) {
        accepted.remove(artifact.getDigest());
        sentOf.remove(artifact.getDigest());
      }
    }
  }

  /** The digests of artifacts that were sent again after they had been accepted. */
  public synchronized List<String> repeated() {
    return repeated.stream().sorted().toList();
  }

  private synchronized Upload begun(Artifact artifact) {
    return new Upload(artifact, accepted.containsKey(artifact.getDigest()));
  }

  private synchronized void chunk(Upload upload, int bytes) {
    sent += bytes;
    sentOf.merge(upload.artifact.getDigest(), (long) bytes, Long::sum);
    if (upload.acceptedBefore) {
      repeated.add(upload.artifact.getDigest());
    }
  }

  private synchronized void complete(Upload upload) {
    boolean first = accepted.putIfAbsent(upload.artifact.getDigest(), upload.artifact) == null;
    if (first && sentOf.containsKey(upload.artifact.getDigest())) { // otherwise it was there
      artifacts++;
      size += upload.artifact.getSize();
    }
  }

  /** The uploads of one connection, by the numbers of their streams. */
  final class Calls {
    private final Set<Integer> streams = new HashSet<>(); // whose calls are uploads
    private final Map<Integer, Upload> uploads = new HashMap<>(); // with a header

    synchronized void request(int stream, byte[] message) throws InvalidProtocolBufferException {
      UploadArtifactRequest request = UploadArtifactRequest.parseFrom(message);
      Upload upload = uploads.get(stream);
      if (request.hasHeader()) {
        uploads.put(stream, begun(request.getHeader()));
      } else if (upload != null) {
        Chunk chunk = request.getChunk();
        boolean compressed = chunk.getRawSize() > 0;
        chunk(upload, compressed ? chunk.getRawSize() : chunk.getData().size());
      }
    }

    synchronized void response(int stream, byte[] message) throws InvalidProtocolBufferException {
      Upload upload = uploads.get(stream);
      if (upload != null && UploadArtifactResponse.parseFrom(message).getComplete()) {
        complete(upload);
      }
    }

    synchronized void opened(int stream, String path) {
      if (path.endsWith("/UploadArtifact")) {
        streams.add(stream);
      }
    }

    synchronized boolean watched(int stream) {
      return streams.contains(stream);
    }

    synchronized void closed(int stream) {
      streams.remove(stream);
      uploads.remove(stream);
    }
  }
}
