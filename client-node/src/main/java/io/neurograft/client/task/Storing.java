package io.neurograft.client.task;

import io.neurograft.client.retry.Retry;
import io.neurograft.neural.Progress;
import io.neurograft.neural.config.IoWords;
import io.neurograft.proto.artifact.ArtifactException;
import java.io.IOException;
import java.io.UncheckedIOException;

/**
 * Stores what tasks make, as often as it takes: hours of training are not lost because the site's
 * disk is full for a while. The log says why it is tried again, the coordinator hears that the task
 * waits, and drops it when its deadline has passed.
 *
 * @param retries how long to wait
 */
public record Storing(Retry.Policy retries) {
  /** One attempt to store something. */
  interface Step<T> {
    T run() throws IOException;
  }

  /**
   * Stores something; interrupt the calling thread to give up.
   *
   * @param what is stored, in a few words
   * @param progress hears that the task waits
   * @throws ArtifactException if the artifact itself is refused
   */
  <T> T store(String what, Progress progress, Step<T> step)
      throws ArtifactException, InterruptedException {
    Retry retry = retries.start("storing " + what);
    while (true) {
      String why;
      try {
        T stored = step.run();
        retry.succeeded();
        return stored;
      } catch (ArtifactException e) {
        if (e.reason() != ArtifactException.Reason.NO_ROOM) {
          throw e;
        }
        why = e.getMessage();
      } catch (IOException e) {
        why = IoWords.of(e);
      } catch (UncheckedIOException e) {
        why = IoWords.of(e);
      }
      progress.report(1, "cannot store " + what + "; the site's log says why");
      retry.pause(why);
    }
  }
}
