package io.neurograft.simulator.bench.load;

/**
 * What is measured.
 *
 * @param sites how many light nodes attach; at least 1
 * @param size of a member, in bytes, about
 * @param rounds of fine-tuning; at least 1
 */
public record LoadPlan(int sites, long size, int rounds) {}
