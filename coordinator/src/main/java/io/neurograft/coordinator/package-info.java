/** Leads runs: gathers members, fuses them, has the result fine-tuned, publishes it. */
@NullMarked
package io.neurograft.coordinator;

import org.jspecify.annotations.NullMarked;
