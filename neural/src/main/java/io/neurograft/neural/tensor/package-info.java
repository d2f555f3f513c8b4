/**
 * The only place that touches the engine's own classes: its start, its operators, its gradients,
 * memory scopes.
 */
@NullMarked
package io.neurograft.neural.tensor;

import org.jspecify.annotations.NullMarked;
