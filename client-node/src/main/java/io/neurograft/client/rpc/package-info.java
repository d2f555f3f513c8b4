/**
 * The site's end of the wire: {@link io.neurograft.client.rpc.Connection} to the coordinator, the
 * session that brings tasks, and the reports on them.
 */
@NullMarked
package io.neurograft.client.rpc;

import org.jspecify.annotations.NullMarked;
