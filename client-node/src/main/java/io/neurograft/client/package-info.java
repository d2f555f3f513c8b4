/** A site's agent: holds the data, trains, scores, uploads, fine-tunes. */
@NullMarked
package io.neurograft.client;

import org.jspecify.annotations.NullMarked;
