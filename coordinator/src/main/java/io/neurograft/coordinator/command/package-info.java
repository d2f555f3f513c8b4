/** The coordinator's commands: run one, and operate one from elsewhere. */
@NullMarked
package io.neurograft.coordinator.command;

import org.jspecify.annotations.NullMarked;
