/** Trying again: how long to wait, and a word in the log on every attempt. */
@NullMarked
package io.neurograft.client.retry;

import org.jspecify.annotations.NullMarked;
