/**
 * Who did what when, on either side: an {@link io.neurograft.proto.audit.AuditLog} that only grows,
 * each line with the SHA-256 of the one before, and the {@link
 * io.neurograft.proto.audit.ChainCheck} that finds what was changed in it.
 */
@NullMarked
package io.neurograft.proto.audit;

import org.jspecify.annotations.NullMarked;
