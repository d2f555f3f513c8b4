/** Training a network on a data set, bit for bit repeatable, and evaluating it. */
@NullMarked
package io.neurograft.neural.training;

import org.jspecify.annotations.NullMarked;
