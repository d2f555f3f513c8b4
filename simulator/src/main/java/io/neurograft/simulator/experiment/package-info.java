/**
 * An experiment: a coordinator and its nodes on one machine, each with its own folder and its own
 * connection, fed with parts of one data set.
 */
@NullMarked
package io.neurograft.simulator.experiment;

import org.jspecify.annotations.NullMarked;
