package io.neurograft.simulator.chaos.transfer;

import io.neurograft.simulator.chaos.transfer.UploadWatch.Calls;

/** One connection of a node, whose bytes are shown here as they pass. */
public final class WatchedConnection implements AutoCloseable {
  private final FrameStream requests;
  private final FrameStream responses;

  WatchedConnection(Calls calls) {
    requests =
        new FrameStream(
            FrameStream.PREFACE, calls::opened, calls::watched, calls::request, s -> {});
    // A call is over when the coordinator has ended it.
    responses =
        new FrameStream(0, (stream, path) -> {}, calls::watched, calls::response, calls::closed);
  }

  /** Bytes that are about to reach the coordinator. */
  public synchronized void sent(byte[] bytes, int length) {
    requests.read(bytes, length);
  }

  /** Bytes that came from the coordinator. */
  public synchronized void received(byte[] bytes, int length) {
    responses.read(bytes, length);
  }

  @Override
  public synchronized void close() {
    requests.close();
    responses.close();
  }
}
