/** Neurograft in processes of its own, as they are started, watched and killed on one machine. */
@NullMarked
package io.neurograft.simulator.process;

import org.jspecify.annotations.NullMarked;
