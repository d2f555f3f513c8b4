/**
 * The transfer benchmark: a coordinator in a process of its own, sites in this one, and a raw TCP
 * copy over loopback as the floor.
 */
@NullMarked
package io.neurograft.simulator.bench.transfer;

import org.jspecify.annotations.NullMarked;
