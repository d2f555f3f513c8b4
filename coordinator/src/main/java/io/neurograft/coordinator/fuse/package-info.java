/**
 * The coordinator's own work on models, on one thread: fuses members, averages fine-tuned models,
 * evaluates. Every piece is stored as soon as it is made and skipped when it is there, so a job
 * that was cut off goes on where it was.
 */
@NullMarked
package io.neurograft.coordinator.fuse;

import org.jspecify.annotations.NullMarked;
