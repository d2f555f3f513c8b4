/**
 * Sums over sites that show no site's part: each site adds masks to its numbers which only pairs of
 * sites know and which cancel in the sum over all of them. (Bonawitz et al., Practical Secure
 * Aggregation for Privacy-Preserving Machine Learning, CCS 2017, without the recovery of a missing
 * site's masks: where a site drops out, the sum is collected again without it.)
 */
@NullMarked
package io.neurograft.neural.masking;

import org.jspecify.annotations.NullMarked;
