/** How both ends connect: addresses, TLS, keepalive, limits. */
@NullMarked
package io.neurograft.proto.channel;

import org.jspecify.annotations.NullMarked;
