/**
 * Neuron interpolation from second moments (arXiv 2507.00037; section 4 of the design): the
 * members' units are grouped level by level, every group becomes one unit of the fused network, and
 * a closed-form fit expresses these units on the fused levels before them. Grouping and fitting
 * read second-moment matrices only, which add over batches and over sites.
 */
@NullMarked
package io.neurograft.fusion.interpolate;

import org.jspecify.annotations.NullMarked;
