package io.neurograft.proto.artifact;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * Has files that arrive written to the disk meanwhile, so that the disk works while the network
 * does, and little is left to force at the end. The system by itself would begin after seconds, or
 * gigabytes. What fails here shows at the end, when the file is forced.
 */
final class WriteBack {
  /** How much of a file is written between two times. */
  private static final long STEP = 64L << 20;

  private final Set<FileChannel> queued = ConcurrentHashMap.newKeySet();
  private final ExecutorService thread = thread();

  /** Bytes of a file were written, from one offset to another. */
  void written(FileChannel file, long from, long to) {
    if (from / STEP != to / STEP && queued.add(file)) {
      thread.execute(() -> force(file));
    }
  }

  private void force(FileChannel file) {
    try {
      file.force(false);
    } catch (IOException e) {
      // Closed meanwhile, or it fails again at the end, where it is told.
    } finally {
      queued.remove(file);
    }
  }

  private static ExecutorService thread() {
    ThreadPoolExecutor thread =
        new ThreadPoolExecutor(
            1,
            1,
            10,
            TimeUnit.SECONDS,
            new LinkedBlockingQueue<>(),
            work -> {
              Thread made = new Thread(work, "write-back");
              made.setDaemon(true);
              return made;
            });
    thread.allowCoreThreadTimeOut(true);
    return thread;
  }
}
