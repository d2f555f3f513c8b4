/** Makes one network of several members: pure functions of members and moments. */
@NullMarked
package io.neurograft.fusion;

import org.jspecify.annotations.NullMarked;
