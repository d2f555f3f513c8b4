/** How much each unit of a network contributes to its answers: attribution scores. */
@NullMarked
package io.neurograft.neural.attribution;

import org.jspecify.annotations.NullMarked;
