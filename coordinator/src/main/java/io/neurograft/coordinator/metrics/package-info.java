/** What a coordinator counts. */
@NullMarked
package io.neurograft.coordinator.metrics;

import org.jspecify.annotations.NullMarked;
