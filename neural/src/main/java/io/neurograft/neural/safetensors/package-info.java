/**
 * The safetensors file format, read with every check before anything is allocated, and written all
 * or nothing.
 */
@NullMarked
package io.neurograft.neural.safetensors;

import org.jspecify.annotations.NullMarked;
