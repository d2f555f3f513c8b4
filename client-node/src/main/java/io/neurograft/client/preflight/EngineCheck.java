package io.neurograft.client.preflight;

import ai.djl.engine.Engine;
import ai.djl.engine.EngineException;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import io.neurograft.neural.config.InvalidInputException;
import io.neurograft.neural.tensor.Compute;
import io.neurograft.neural.tensor.DeviceSetting;

/** Starts the engine and has it compute something that is known. */
final class EngineCheck {
  private static final int SIZE = 64;

  private static final String MEND =
      "the engine unpacks its library to /tmp and to DJL_CACHE_DIR and loads it: both have to be"
          + " writable, and mounted without noexec; it needs Linux on x86-64 with glibc";

  private EngineCheck() {}

  static Finding of(int threads, DeviceSetting device) {
    try {
      Compute.start(threads, device);
      try (NDManager scope = Compute.newManager();
          NDArray ones = scope.ones(new Shape(SIZE, SIZE));
          NDArray product = ones.matMul(ones)) { // (64 x 64) = (64 x 64)(64 x 64)
        float least = product.min().getFloat();
        float most = product.max().getFloat();
        if (least != SIZE || most != SIZE) {
          return Finding.failed(
              "a product of ones gave %s to %s, not %d".formatted(least, most, SIZE),
              "look at this machine's processor, GPU and drivers");
        }
      }
      Engine engine = Engine.getInstance();
      return Finding.passed(
          "%s %s computes on %s with %d %s; GPUs found: %d"
              .formatted(
                  engine.getEngineName(),
                  engine.getVersion(),
                  Compute.device().isGpu() ? "gpu:" + Compute.device().getDeviceId() : "cpu",
                  threads,
                  threads == 1 ? "thread" : "threads",
                  engine.getGpuCount()));
    } catch (InvalidInputException e) { // no such GPU
      return Finding.failed(
          String.valueOf(e.getMessage()), "set device in the configuration; see docs/gpu.md");
    } catch (EngineException | IllegalStateException | LinkageError e) {
      return Finding.failed("cannot be started: " + root(e), MEND);
    }
  }

  private static String root(Throwable failure) {
    Throwable root = failure;
    while (root.getCause() != null) {
      root = root.getCause();
    }
    return String.valueOf(root.getMessage()).lines().findFirst().orElse("");
  }
}
