/** Who somebody is: keys, certificates, and the tokens by which they are come by. */
@NullMarked
package io.neurograft.proto.identity;

import org.jspecify.annotations.NullMarked;
