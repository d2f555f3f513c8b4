package io.neurograft.neural.network;

/** A layer that does not fit what comes before it. */
final class MisfitException extends IllegalArgumentException {
  private static final long serialVersionUID = 1;

  private final String layer;

  /**
   * @param layer the layer's name, with its word behind it where one layer is meant
   * @param message what it expects
   */
  MisfitException(String layer, String message) {
    super(message);
    this.layer = layer;
  }

  String layer() {
    return layer;
  }
}
