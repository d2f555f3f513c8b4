/**
 * The coordinator's end of the wire: services, messages checked before anything uses them, and the
 * one place that says which failure is answered by which status. Also the operator's end, for the
 * command line.
 */
@NullMarked
package io.neurograft.coordinator.rpc;

import org.jspecify.annotations.NullMarked;
