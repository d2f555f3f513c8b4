/** A whole coordinator, real in every part, with scripted sites. */
@NullMarked
package io.neurograft.coordinator;

import org.jspecify.annotations.NullMarked;
