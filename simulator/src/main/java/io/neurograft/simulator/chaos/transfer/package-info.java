/** Reads on the wire which uploads were accepted, and whether any of them was sent again. */
@NullMarked
package io.neurograft.simulator.chaos.transfer;

import org.jspecify.annotations.NullMarked;
