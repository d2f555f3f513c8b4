/** Pairs things one to one at the least cost. */
@NullMarked
package io.neurograft.fusion.assignment;

import org.jspecify.annotations.NullMarked;
