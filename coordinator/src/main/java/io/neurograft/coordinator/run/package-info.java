/**
 * What a run is and what comes next in it: the specification, the transition table, and the planner
 * that turns a view of a run into actions. Pure functions of records: no I/O, no threads, no clock.
 */
@NullMarked
package io.neurograft.coordinator.run;

import org.jspecify.annotations.NullMarked;
