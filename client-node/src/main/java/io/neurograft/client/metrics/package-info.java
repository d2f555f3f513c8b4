/** What a node counts and times, and where it shows it: {@code /metrics}, for Prometheus. */
@NullMarked
package io.neurograft.client.metrics;

import org.jspecify.annotations.NullMarked;
