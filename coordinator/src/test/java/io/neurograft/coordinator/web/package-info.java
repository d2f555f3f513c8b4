/** What a browser sees. */
@NullMarked
package io.neurograft.coordinator.web;

import org.jspecify.annotations.NullMarked;
