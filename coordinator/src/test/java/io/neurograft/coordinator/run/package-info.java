/** The promises of the transition table and of the planner. */
@NullMarked
package io.neurograft.coordinator.run;

import org.jspecify.annotations.NullMarked;
