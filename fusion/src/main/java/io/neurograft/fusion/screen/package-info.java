/**
 * The screening of members before they are fused: pure functions of their weights, their scores and
 * of how they do on examples. What is done with a member that does not pass is the caller's.
 */
@NullMarked
package io.neurograft.fusion.screen;

import org.jspecify.annotations.NullMarked;
