/**
 * A site's agent, all that a site installs. It holds the site's data, dials the coordinator, and
 * does what that asks for: {@code config} says what the site has, {@code rpc} keeps the session and
 * brings tasks, {@code task} trains, scores, fine-tunes, evaluates and keeps models, {@code guard}
 * decides what is answered about the data, {@code transfer} moves artifacts, {@code retry} says why
 * something is tried again, {@code metrics} shows it all to Prometheus. Counts, figures, weights
 * and scores leave the site; examples never do.
 */
@NullMarked
package io.neurograft.client;

import org.jspecify.annotations.NullMarked;
