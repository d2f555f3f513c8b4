/** Texts that come from somebody else. */
@NullMarked
package io.neurograft.proto.text;

import org.jspecify.annotations.NullMarked;
