/**
 * Trainings that fusion is compared with and that no fusion can do: they see the sites' examples,
 * again and again or all in one place.
 */
@NullMarked
package io.neurograft.simulator.baseline;

import org.jspecify.annotations.NullMarked;
