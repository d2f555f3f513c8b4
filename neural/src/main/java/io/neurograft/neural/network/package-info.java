/**
 * Networks as data: a specification (a chain of levels), its weights, and both together, which can
 * be run.
 */
@NullMarked
package io.neurograft.neural.network;

import org.jspecify.annotations.NullMarked;
