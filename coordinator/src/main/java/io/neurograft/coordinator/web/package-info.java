/** What a browser and Prometheus see of a coordinator: a status page and {@code /metrics}. */
@NullMarked
package io.neurograft.coordinator.web;

import org.jspecify.annotations.NullMarked;
