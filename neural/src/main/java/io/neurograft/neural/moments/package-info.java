/**
 * Second moments: what interpolation needs to know of activations, as matrices that add over
 * batches and over sites.
 */
@NullMarked
package io.neurograft.neural.moments;

import org.jspecify.annotations.NullMarked;
