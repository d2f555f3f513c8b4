package io.neurograft.fusion.interpolate;

import java.util.Arrays;

/**
 * The Gram matrix of units with the one-hot labels behind them, as a {@link Selection} needs it to
 * keep the units that tell the classes apart: less the part along a constant, since a fit has a
 * bias, and with a weight for each label, so that all labels together count {@value #SHARE} and all
 * units the rest.
 */
final class LabelledGram {
  /** Tried with .5, .9 and .99 on the fixtures, from 400 images to 60,000 (docs/fusion.md). */
  static final double SHARE = 0.9;

  private final double[] matrix;
  private final double[] weights;

  private LabelledGram(double[] matrix, double[] weights) {
    this.matrix = matrix;
    this.weights = weights;
  }

  /**
   * @param gram of units and labels
   * @param importance of the units (N)
   */
  static LabelledGram of(double[] gram, double[] importance) {
    int units = importance.length;
    int size = (int) Math.round(Math.sqrt(gram.length));
    double[] matrix = centred(gram, units, size);
    double ofUnits = 0;
    for (int i = 0; i < units; i++) {
      ofUnits += importance[i] * matrix[i * size + i];
    }
    double ofLabels = 0;
    for (int i = units; i < size; i++) {
      ofLabels += matrix[i * size + i];
    }
    double[] weights = Arrays.copyOf(importance, size);
    for (int i = 0; i < size; i++) {
      weights[i] = i < units ? (1 - SHARE) * weights[i] : SHARE * ofUnits / ofLabels;
    }
    return new LabelledGram(matrix, weights);
  }

  /** Units and labels (N + classes x N + classes), row by row. */
  double[] matrix() {
    return matrix;
  }

  /** Of the units, then of the labels (N + classes). */
  double[] weights() {
    return weights;
  }

  /** Each row has one label, so that the labels add up to the constant 1. */
  private static double[] centred(double[] gram, int units, int size) {
    double[] sums = new double[size];
    for (int i = 0; i < size; i++) {
      for (int label = units; label < size; label++) {
        sums[i] += gram[i * size + label];
      }
    }
    double rows = Arrays.stream(sums, units, size).sum();
    double[] centred = gram.clone();
    for (int i = 0; i < size; i++) {
      for (int j = 0; j < size; j++) {
        centred[i * size + j] -= sums[i] * sums[j] / rows;
      }
    }
    return centred;
  }
}
