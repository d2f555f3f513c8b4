/** The commands {@code node} and {@code preflight}. */
@NullMarked
package io.neurograft.client.command;

import org.jspecify.annotations.NullMarked;
