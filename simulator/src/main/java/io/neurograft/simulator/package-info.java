/** A coordinator and many nodes on one machine, and the command line. */
@NullMarked
package io.neurograft.simulator;

import org.jspecify.annotations.NullMarked;
