package io.neurograft.neural.tensor;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.function.Consumer;

/** Arrays whose values come from the program's own memory. */
public final class HostArrays {
  private HostArrays() {}

  /**
   * Makes a single precision array on the scope's device. On the processor the values are written
   * where they stay; for a GPU they are written beside it and copied once.
   *
   * @param filler writes all values, row by row
   */
  public static NDArray fill(NDManager scope, Shape shape, Consumer<FloatBuffer> filler) {
    Device device = scope.getDevice();
    if (device.equals(Device.cpu())) {
      NDArray array = scope.zeros(shape);
      filler.accept(floats(array));
      return array;
    }
    try (NDManager host = scope.newSubManager(Device.cpu())) {
      NDArray values = host.zeros(shape);
      filler.accept(floats(values));
      NDArray array = values.toDevice(device, true);
      array.attach(scope);
      return array;
    }
  }

  private static FloatBuffer floats(NDArray array) {
    return array.toByteBuffer(true).order(ByteOrder.nativeOrder()).asFloatBuffer();
  }
}
