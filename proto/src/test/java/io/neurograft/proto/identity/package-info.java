/** Tests of keys, certificates and tokens. */
@NullMarked
package io.neurograft.proto.identity;

import org.jspecify.annotations.NullMarked;
