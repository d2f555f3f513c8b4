/**
 * Labelled examples: where they come from ({@link io.neurograft.neural.data.DataUri}), how they are
 * held ({@link io.neurograft.neural.data.Dataset}) and how they are dealt out to sites.
 */
@NullMarked
package io.neurograft.neural.data;

import org.jspecify.annotations.NullMarked;
