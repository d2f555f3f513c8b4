package io.neurograft.neural.training;

/** A training whose loss is no number any more. */
public final class TrainingDivergedException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  TrainingDivergedException(int epoch, double learningRate) {
    super(
        "training diverged in epoch "
            + epoch
            + ": the loss is no number any more; use a learning rate below "
            + learningRate);
  }
}
