/**
 * Trainings on the sites' own examples that fusion is compared with: round after round from a
 * common start, or on all examples in one place.
 */
@NullMarked
package io.neurograft.simulator.baseline;

import org.jspecify.annotations.NullMarked;
