/**
 * What a coordinator must not forget, in an SQL database: sites, runs, tasks, artifacts, models.
 * Whoever answers a caller commits here first. SQLite by default; the statements are kept to what
 * PostgreSQL takes as well.
 */
@NullMarked
package io.neurograft.coordinator.store;

import org.jspecify.annotations.NullMarked;
