package io.neurograft.neural.collection;

/**
 * What a fusion's Gram matrices are of.
 *
 * @param activated the units' post-activations; their pre-activations otherwise
 * @param labels whether the one-hot labels stand behind the units of the group that the classes are
 *     made of, where there is {@linkplain MomentShapes#labelled() one}
 */
public record Grams(boolean activated, boolean labels) {}
