/**
 * Artifacts on the wire: the two ends of ArtifactService, over an artifact folder. The outgoing
 * side sends a chunk only while the transport is ready for one; the incoming side asks for the next
 * only after one is on disk. So a transfer holds a few chunks in memory, whatever an artifact's
 * size. Files are touched on gRPC's call executor, never on an event loop: channels and servers
 * must not be built with a direct executor.
 */
@NullMarked
package io.neurograft.proto.transfer;

import org.jspecify.annotations.NullMarked;
