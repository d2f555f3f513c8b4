/**
 * What a fusion and the sites that hold the examples say to each other: questions about
 * activations, and answers in sums over examples. (Design: fusion, section 5.)
 */
@NullMarked
package io.neurograft.neural.exchange;

import org.jspecify.annotations.NullMarked;
