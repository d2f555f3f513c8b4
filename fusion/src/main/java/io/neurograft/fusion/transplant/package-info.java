/**
 * Neuron transplantation (arXiv 2502.06849; section 2 of the design): all members side by side make
 * one wide network, whose best units are kept.
 */
@NullMarked
package io.neurograft.fusion.transplant;

import org.jspecify.annotations.NullMarked;
