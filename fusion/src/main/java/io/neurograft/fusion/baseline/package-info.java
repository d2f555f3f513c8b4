/** What fusion is compared with: the mean of weights, as they are or aligned. */
@NullMarked
package io.neurograft.fusion.baseline;

import org.jspecify.annotations.NullMarked;
