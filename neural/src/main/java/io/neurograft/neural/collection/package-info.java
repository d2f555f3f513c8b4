/**
 * Collects second moments: runs the members and the fused network over examples, wherever these
 * lie, and adds up what a fusion asks for.
 */
@NullMarked
package io.neurograft.neural.collection;

import org.jspecify.annotations.NullMarked;
