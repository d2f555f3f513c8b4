/**
 * Networks on one site: what they are, how they are trained, scored and measured. Knows nothing of
 * the wire.
 */
@NullMarked
package io.neurograft.neural;

import org.jspecify.annotations.NullMarked;
