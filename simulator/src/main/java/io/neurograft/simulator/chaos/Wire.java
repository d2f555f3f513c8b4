package io.neurograft.simulator.chaos;

import io.neurograft.simulator.chaos.transfer.UploadWatch;
import io.neurograft.simulator.chaos.transfer.WatchedConnection;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * The wire between a node and the coordinator: forwards what it is given, unless it is disturbed.
 */
final class Wire implements AutoCloseable {
  /**
   * How the wire treats what it carries: each piece waits, and only so many bytes pass a second.
   */
  private record Pace(Duration delay, int bytesPerSecond) {}

  private static final Pace FAST = new Pace(Duration.ZERO, Integer.MAX_VALUE);

  /** Small enough that a slow wire is slow evenly. */
  private static final int BUFFER = 1 << 13;

  private final int target;
  private final UploadWatch watch;
  private final ServerSocket server;
  private final Set<Connection> connections = ConcurrentHashMap.newKeySet();
  private final ExecutorService threads = Executors.newCachedThreadPool(Wire::thread);
  private volatile Pace pace = FAST;
  private volatile boolean down;

  /**
   * @param target the coordinator's port on this machine
   */
  Wire(int target, UploadWatch watch) throws IOException {
    this.target = target;
    this.watch = watch;
    this.server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    threads.execute(this::accept);
  }

  private static Thread thread(Runnable work) {
    Thread thread = new Thread(work, "wire");
    thread.setDaemon(true);
    return thread;
  }

  /** Where the node dials. */
  int port() {
    return server.getLocalPort();
  }

  /** Resets every connection. */
  void cut() {
    connections.forEach(Connection::reset);
  }

  /** Loses what connections carry without a word, for good; new connections are not affected. */
  void swallow() {
    connections.forEach(connection -> connection.dead = true);
  }

  /** Loses what new connections carry, too, until {@link #mend}. */
  void breakDown() {
    down = true;
    swallow();
  }

  /** Has every piece wait. */
  void delay(Duration delay) {
    pace = new Pace(delay, Integer.MAX_VALUE);
  }

  /** Lets so many bytes a second pass in each direction of each connection. */
  void throttle(int bytesPerSecond) {
    pace = new Pace(Duration.ZERO, bytesPerSecond);
  }

  /** Ends delays, slowness and a breakdown; what was lost stays lost. */
  void mend() {
    pace = FAST;
    down = false;
  }

  private void accept() {
    try {
      while (true) {
        Socket node = server.accept();
        try {
          Socket coordinator = new Socket(InetAddress.getLoopbackAddress(), target);
          Connection connection = new Connection(node, coordinator, watch.connection());
          connection.dead = down;
          connections.add(connection);
          threads.execute(connection::forward);
          threads.execute(connection::back);
        } catch (IOException e) {
          node.close(); // no coordinator is there
        }
      }
    } catch (IOException e) {
      // closed
    }
  }

  @Override
  public void close() throws IOException {
    server.close();
    cut();
    threads.shutdownNow();
  }

  private final class Connection {
    private final Socket node;
    private final Socket coordinator;
    private final WatchedConnection watched;
    private volatile boolean dead;

    Connection(Socket node, Socket coordinator, WatchedConnection watched) {
      this.node = node;
      this.coordinator = coordinator;
      this.watched = watched;
    }

    void forward() {
      carry(node, coordinator, true);
    }

    void back() {
      carry(coordinator, node, false);
    }

    private void carry(Socket from, Socket to, boolean sent) {
      try (from;
          to) {
        InputStream in = from.getInputStream();
        OutputStream out = to.getOutputStream();
        byte[] buffer = new byte[BUFFER];
        for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
          if (!sent) {
            watched.received(buffer, count); // now: the coordinator has said it
          }
          pause(count);
          if (!dead) {
            if (sent) {
              watched.sent(buffer, count);
            }
            out.write(buffer, 0, count);
          }
        }
      } catch (IOException e) {
        // one of them has gone
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      } finally {
        connections.remove(this);
      }
    }

    private void pause(int bytes) throws InterruptedException {
      Pace now = pace;
      long millis = now.delay().toMillis() + 1000L * bytes / now.bytesPerSecond();
      if (millis > 0) {
        Thread.sleep(millis);
      }
    }

    void reset() {
      for (Socket socket : new Socket[] {node, coordinator}) {
        try {
          socket.setSoLinger(true, 0); // closing sends RST
          socket.close();
        } catch (IOException e) {
          // has gone already
        }
      }
    }
  }
}
