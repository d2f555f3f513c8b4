/**
 * Where a coordinator's artifacts are: in its folder, or in a bucket that several coordinators
 * share, with the folder as this one's cache. And how they go once nobody needs them.
 */
@NullMarked
package io.neurograft.coordinator.artifact;

import org.jspecify.annotations.NullMarked;
