/** The command line: one program whose subcommands are the commands of all modules. */
@NullMarked
package io.neurograft.simulator.command;

import org.jspecify.annotations.NullMarked;
