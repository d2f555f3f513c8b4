/**
 * Carries out what the planner decides: commits it, then tells the sites and the fusion jobs. What
 * callers may ask of runs and tasks stands here too, in the coordinator's own words; the wire is
 * {@code coordinator.rpc}.
 */
@NullMarked
package io.neurograft.coordinator.conduct;

import org.jspecify.annotations.NullMarked;
