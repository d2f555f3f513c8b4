/** What fusion is compared with: plain averaging of weights. */
@NullMarked
package io.neurograft.fusion.baseline;

import org.jspecify.annotations.NullMarked;
