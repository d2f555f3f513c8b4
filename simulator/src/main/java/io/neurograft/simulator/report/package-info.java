/**
 * What came of an experiment: its figures as data, as a table, and as a page that opens offline.
 */
@NullMarked
package io.neurograft.simulator.report;

import org.jspecify.annotations.NullMarked;
