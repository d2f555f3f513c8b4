/** The command {@code node}. */
@NullMarked
package io.neurograft.client.command;

import org.jspecify.annotations.NullMarked;
