package io.neurograft.neural.moments;

import ai.djl.ndarray.types.DataType;

/**
 * How moments are computed.
 *
 * @param products the data type of a block's products: FLOAT32, or FLOAT64 where two partitions of
 *     the rows must agree to the last digits
 * @param holdRows whether rows are held themselves as long as they are fewer than columns; never at
 *     a site, whose moments leave it
 */
public record MomentSettings(DataType products, boolean holdRows) {}
