/** What the store promises, on real SQLite files. */
@NullMarked
package io.neurograft.coordinator.store;

import org.jspecify.annotations.NullMarked;
