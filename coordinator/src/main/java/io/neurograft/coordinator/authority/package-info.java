/**
 * Who is let in: the coordinator's own certificate authority, invitations, certificates, and their
 * revocation.
 */
@NullMarked
package io.neurograft.coordinator.authority;

import org.jspecify.annotations.NullMarked;
