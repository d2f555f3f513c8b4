/**
 * What {@code preflight} looks at on a site before its node is started: each check says in one line
 * what it found, and in another what to mend.
 */
@NullMarked
package io.neurograft.client.preflight;

import org.jspecify.annotations.NullMarked;
