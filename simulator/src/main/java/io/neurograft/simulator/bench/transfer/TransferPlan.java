package io.neurograft.simulator.bench.transfer;

/**
 * What the transfer benchmark measures.
 *
 * @param size of the artifact of one stream, in bytes
 * @param warmUps how often each case of one stream runs before it is measured
 * @param repeats how often it is measured
 * @param sites how many sites send at once; 0 leaves the case out
 * @param siteSize what each of them sends, in bytes
 * @param roundSize what each of the two sites of a round gets and sends, in bytes; 0 leaves it out
 * @param largeSize an artifact that is sent and fetched once, in bytes; 0 leaves it out
 */
public record TransferPlan(
    long size,
    int warmUps,
    int repeats,
    int sites,
    long siteSize,
    long roundSize,
    long largeSize) {}
