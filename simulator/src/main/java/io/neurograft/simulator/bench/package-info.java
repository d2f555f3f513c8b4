/**
 * Benchmarks: how accurate the fused networks of known members are, and how fast fusion is beside
 * what it cannot do without.
 */
@NullMarked
package io.neurograft.simulator.bench;

import org.jspecify.annotations.NullMarked;
