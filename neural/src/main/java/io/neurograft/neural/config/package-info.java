/**
 * Reading what people write: YAML and JSON files whose faults are all found at once, each with its
 * place.
 */
@NullMarked
package io.neurograft.neural.config;

import org.jspecify.annotations.NullMarked;
