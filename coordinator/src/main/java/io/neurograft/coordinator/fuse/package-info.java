/**
 * The coordinator's own work on models: fuses members, averages fine-tuned models, evaluates. One
 * job at a time uses the engine; others may wait for their sites. Every piece is stored as soon as
 * it is made and skipped when it is there, so a job that was cut off goes on where it was.
 */
@NullMarked
package io.neurograft.coordinator.fuse;

import org.jspecify.annotations.NullMarked;
