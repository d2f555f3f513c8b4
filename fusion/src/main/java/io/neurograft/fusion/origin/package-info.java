/** What each unit of a fused network was made of: the members' units, with their weights. */
@NullMarked
package io.neurograft.fusion.origin;

import org.jspecify.annotations.NullMarked;
