/** Tests of who is let in. */
@NullMarked
package io.neurograft.coordinator.authority;

import org.jspecify.annotations.NullMarked;
