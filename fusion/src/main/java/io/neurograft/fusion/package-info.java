/** Makes one network of several members: pure functions of members, moments and examples. */
@NullMarked
package io.neurograft.fusion;

import org.jspecify.annotations.NullMarked;
