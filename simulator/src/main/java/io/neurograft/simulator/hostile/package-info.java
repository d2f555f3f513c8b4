/**
 * Sites that mean harm, for experiments: what they do, and which sites of an experiment they are.
 */
@NullMarked
package io.neurograft.simulator.hostile;

import org.jspecify.annotations.NullMarked;
