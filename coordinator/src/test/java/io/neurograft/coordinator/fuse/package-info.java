/** Averages and jobs on real files. */
@NullMarked
package io.neurograft.coordinator.fuse;

import org.jspecify.annotations.NullMarked;
