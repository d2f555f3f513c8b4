package io.neurograft.fusion.transplant;

/**
 * Two members that are almost the same network, up to the order of their units.
 *
 * @param first the index of the earlier member
 * @param second the index of the later member
 * @param cosine how alike they are: the mean cosine of their units, matched one to one, in the
 *     group where that is least; at most 1
 */
public record NearDuplicate(int first, int second, double cosine) {}
