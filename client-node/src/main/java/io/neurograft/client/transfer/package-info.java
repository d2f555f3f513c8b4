/**
 * Artifacts between this site and the coordinator: {@link io.neurograft.client.transfer.Transfers}
 * pulls and pushes them until they are there, going on where a broken transfer stopped.
 */
@NullMarked
package io.neurograft.client.transfer;

import org.jspecify.annotations.NullMarked;
