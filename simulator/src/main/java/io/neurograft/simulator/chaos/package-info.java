/**
 * The proof that runs survive: a coordinator and nodes as real processes, disturbed at seeded
 * moments in every way that machines and networks fail, must end with the models of an undisturbed
 * run. {@link io.neurograft.simulator.chaos.ChaosBenchmark} leads it.
 */
@NullMarked
package io.neurograft.simulator.chaos;

import org.jspecify.annotations.NullMarked;
