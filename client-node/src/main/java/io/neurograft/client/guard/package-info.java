/**
 * What a site answers, and what it has told already. A {@link
 * io.neurograft.client.guard.Gatekeeper} stands before every answer about the site's data: it holds
 * the site's own {@link io.neurograft.client.guard.Guards}, which no coordinator can change,
 * accounts for privacy, and writes down what leaves. Knows no wire and computes no answer.
 */
@NullMarked
package io.neurograft.client.guard;

import org.jspecify.annotations.NullMarked;
