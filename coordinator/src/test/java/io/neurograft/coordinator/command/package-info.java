/** What an operator types, against a real coordinator. */
@NullMarked
package io.neurograft.coordinator.command;

import org.jspecify.annotations.NullMarked;
