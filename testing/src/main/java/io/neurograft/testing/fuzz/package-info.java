/**
 * Fuzz tests: readers of what anybody may have sent, fed with a corpus, with mutations of it, and,
 * by {@code .ci/fuzz}, with what a fuzzer guided by coverage makes of it.
 */
@NullMarked
package io.neurograft.testing.fuzz;

import org.jspecify.annotations.NullMarked;
