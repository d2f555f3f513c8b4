/** The wire as sites and operators use it, against a real server. */
@NullMarked
package io.neurograft.coordinator.rpc;

import org.jspecify.annotations.NullMarked;
