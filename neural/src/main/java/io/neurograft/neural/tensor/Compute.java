package io.neurograft.neural.tensor;

import ai.djl.Device;
import ai.djl.engine.Engine;
import ai.djl.ndarray.NDManager;
import ai.djl.pytorch.jni.JniUtils;
import io.neurograft.neural.config.InvalidInputException;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The engine of this process. It is started once, with a number of threads for one operator and on
 * one device, which every array follows; the engine's own settings are made here, before its
 * classes load, and nowhere else.
 *
 * <p>Results repeat bit for bit with the same number of threads; two numbers of threads differ.
 */
public final class Compute {
  private static int startedThreads;
  private static Device device = Device.cpu();

  private Compute() {}

  /** Starts the engine on a GPU where there is one, on the processor elsewhere. */
  public static void start(int threads) {
    start(threads, DeviceSetting.AUTO);
  }

  /**
   * Starts the engine; where it runs already, checks that it runs as asked.
   *
   * @param threads how many threads one operator may use on the processor; at least 1
   * @param setting where arrays live
   * @throws InvalidInputException if the engine finds no such GPU
   * @throws IllegalStateException if the engine runs with another number of threads or elsewhere
   */
  public static synchronized void start(int threads, DeviceSetting setting) {
    if (threads < 1) {
      throw new IllegalArgumentException("expected at least one thread, not " + threads);
    }
    if (startedThreads != 0 && startedThreads != threads) {
      throw new IllegalStateException(
          "the engine runs with " + startedThreads + " threads already, not " + threads);
    }
    if (startedThreads == 0) {
      System.setProperty("ai.djl.offline", "true");
      System.setProperty("OPT_OUT_TRACKING", "true");
      System.setProperty("ai.djl.default_engine", "PyTorch");
      // Without this an evaluation after training fails, and it is slower (docs of the engine).
      System.setProperty("ai.djl.pytorch.graph_optimizer", "false");
      System.setProperty("ai.djl.pytorch.num_threads", Integer.toString(threads));
      System.setProperty("ai.djl.pytorch.num_interop_threads", "1");
    }
    Device chosen = choose(setting, Engine.getInstance().getGpuCount());
    if (startedThreads != 0 && !chosen.equals(device)) {
      throw new IllegalStateException("the engine runs on " + device + " already, not " + chosen);
    }
    startedThreads = threads;
    device = chosen;
  }

  /**
   * The device that a setting means on a machine of so many GPUs.
   *
   * @throws InvalidInputException if it has no such GPU
   */
  static Device choose(DeviceSetting setting, int gpus) {
    if (setting.kind() == DeviceSetting.Kind.GPU && setting.gpu() >= gpus) {
      throw new InvalidInputException(
          "device", "expected %s, found %s: %s".formatted(expected(gpus), setting, finding(gpus)));
    }
    boolean gpu = gpus > 0 && setting.kind() != DeviceSetting.Kind.CPU;
    return gpu ? Device.gpu(setting.gpu()) : Device.cpu();
  }

  private static String expected(int gpus) {
    return switch (gpus) {
      case 0 -> "auto or cpu";
      case 1 -> "auto, cpu or gpu:0";
      default -> "auto, cpu or gpu:0 to gpu:" + (gpus - 1);
    };
  }

  private static String finding(int gpus) {
    return switch (gpus) {
      case 0 -> "the engine finds no GPU (docs/gpu.md says how to give it one)";
      case 1 -> "the engine finds one GPU";
      default -> "the engine finds " + gpus + " GPUs";
    };
  }

  /**
   * Opens a scope: arrays made in it are freed when it is closed. Gradients are switched off for
   * the calling thread; {@link Gradients} switches them on where they are wanted.
   *
   * @throws IllegalStateException if the engine was not started
   */
  public static NDManager newManager() {
    prepareThread();
    return NDManager.newBaseManager(device());
  }

  /**
   * What the engine keeps for each thread: a new one records gradients, and its first products of
   * matrices would use as many threads as there are processors, with other last bits.
   */
  private static synchronized void prepareThread() {
    requireStart();
    JniUtils.setGradMode(false);
    JniUtils.setNumThreads(startedThreads);
  }

  private static void requireStart() {
    if (startedThreads == 0) {
      throw new IllegalStateException("the engine was not started: call Compute.start first");
    }
  }

  /**
   * The device that the engine was started on.
   *
   * @throws IllegalStateException if the engine was not started
   */
  public static synchronized Device device() {
    requireStart();
    return device;
  }

  /** Makes daemon threads for work with arrays, on which the engine behaves as on any other. */
  public static ThreadFactory threads(String name) {
    AtomicInteger count = new AtomicInteger();
    return work -> {
      Thread thread =
          new Thread(
              () -> {
                prepareThread();
                work.run();
              },
              name + "-" + count.incrementAndGet());
      thread.setDaemon(true);
      return thread;
    };
  }
}
