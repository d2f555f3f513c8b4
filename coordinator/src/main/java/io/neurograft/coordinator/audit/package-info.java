/** Who did what at this coordinator. */
@NullMarked
package io.neurograft.coordinator.audit;

import org.jspecify.annotations.NullMarked;
