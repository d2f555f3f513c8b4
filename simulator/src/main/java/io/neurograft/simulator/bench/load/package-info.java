/**
 * How a coordinator bears many sites: light nodes, which speak as real ones do but train nothing,
 * attached to a coordinator in a process of its own.
 */
@NullMarked
package io.neurograft.simulator.bench.load;

import org.jspecify.annotations.NullMarked;
