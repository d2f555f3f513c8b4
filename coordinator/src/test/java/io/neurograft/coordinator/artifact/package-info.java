@NullMarked
package io.neurograft.coordinator.artifact;

import org.jspecify.annotations.NullMarked;
