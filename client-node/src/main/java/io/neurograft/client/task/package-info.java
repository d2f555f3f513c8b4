/**
 * What a site does: one class for each kind of task, a workbench they share, and a runner that does
 * one task at a time and remembers what came of it. Knows no wire; results leave through {@link
 * io.neurograft.client.task.TaskReporter}.
 */
@NullMarked
package io.neurograft.client.task;

import org.jspecify.annotations.NullMarked;
