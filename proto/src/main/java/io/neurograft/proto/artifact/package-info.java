/**
 * Artifacts on disk: immutable files named by the SHA-256 of their bytes, which arrive in checked
 * chunks and go on where they broke off. Knows no network; {@link
 * io.neurograft.proto.artifact.ArtifactFolder} is the way in.
 */
@NullMarked
package io.neurograft.proto.artifact;

import org.jspecify.annotations.NullMarked;
