package io.neurograft.proto.transfer;

import io.neurograft.proto.v1.Artifact;

/**
 * A message of a stream that carries an artifact: first its header, then its chunks. On the wire it
 * is an UploadArtifactRequest or a DownloadArtifactResponse, which look the same there. Protobuf's
 * own classes would copy a chunk's bytes several times; {@link PartMarshaller} brings them from the
 * file to the transport, and from the transport to the file.
 */
sealed interface Part permits Part.Header, Part.Malformed, OutgoingChunk, IncomingChunk {
  /** The artifact that follows. */
  record Header(Artifact artifact) implements Part {}

  /**
   * What came is no such message.
   *
   * @param why in a few words
   */
  record Malformed(String why) implements Part {}
}
